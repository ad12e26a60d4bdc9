/** The way to CXone: may it be asked, does it answer, and is it CXone that answers? */
import type { Failed } from './evidence.ts';
import { type Facts, lastFailure, wasAsked } from './facts.ts';
import { answerPiece, failurePiece, hostOf, missingPiece, piece } from './pieces.ts';
import type { Rules } from './rule.ts';
import type { Piece } from './verdict.ts';

type Way =
  | 'hostAccessMissing'
  | 'unreachable'
  | 'captivePortal'
  | 'rateLimited'
  | 'wrongHostOrVersion'
  | 'malformed'
  | 'noChangeSince';

export const WAY_RULES: Rules<Way> = {
  hostAccessMissing({ evidence: { token } }) {
    const origins = token?.hostsMissing ?? [];
    if (origins.length === 0) return null;
    const hosts = origins.map(hostOf).join(', ');
    const supports = [piece('token', 'hostsMissing', hosts)];
    // An origin holds no comma: the button reads them apart again.
    return {
      confidence: 'certain',
      params: [hosts],
      who: 'supervisor',
      remedy: 'grantHosts',
      argument: origins.join(','),
      supports,
    };
  },

  unreachable(facts) {
    const found = lastFailure(facts, (failed) => isFault(failed) && wasAsked(facts, failed));
    const { token } = facts.evidence;
    // Kept by the browser from asking, we know nothing of the network.
    if (token && token.hostsMissing.length > 0) return null;
    const renewing = token !== null && (token.failure === 'network' || token.failure === 'providerError');
    if (!found && !(renewing && token.phase === 'recovering')) return null;
    const { host = '', status = 0, outcome = 'offline' } = found?.failed ?? {};
    // 503 says by when, too (RFC 9110 10.2.3).
    const heldMs = token?.notBeforeMs ?? 0;
    const held = heldMs > facts.asOfMs;
    // A fault of one of CXone's services is not all of CXone: of the states', or of two in a row, it is.
    const [second, last] = facts.asked.slice(-2);
    const twice = [second, last].every((each) => each?.failed && !each.stale && isFault(each.failed));
    const down = outcome === 'offline' || (status >= 500 && (twice || found?.at.check === 'state'));
    const sure = found !== null && !found.at.stale && token?.phase !== 'recovering' && down;
    return {
      confidence: sure ? 'certain' : 'likely',
      params: [host, status > 0 ? String(status) : ''],
      who: 'supervisor',
      remedy: held ? 'runLater' : 'runAgain',
      argument: held ? String(heldMs) : '',
      supports: [found ? failurePiece(facts, found.at.check, found.failed) : piece('token', 'noAnswer', '', '')],
      contradicts: found ? found.after.map((asked) => answerPiece(facts, asked)) : [],
    };
  },

  captivePortal(facts) {
    const found = lastFailure(facts, ({ outcome }) => outcome === 'portal');
    if (!found) return null;
    return {
      // Where CXone never was it may be somebody else's page for good: another rule's cause.
      confidence: found.at.stale || !wasHeard(facts) ? 'likely' : 'certain',
      params: [found.failed.host],
      who: 'supervisor',
      remedy: 'openPortal',
      supports: [failurePiece(facts, found.at.check, found.failed)],
      contradicts: found.after.map((asked) => answerPiece(facts, asked)),
    };
  },

  rateLimited(facts) {
    const { evidence, asOfMs, clock } = facts;
    const heldMs = evidence.token?.notBeforeMs ?? 0;
    const held = heldMs > asOfMs;
    const found = lastFailure(facts, ({ outcome }) => outcome === 'rateLimited');
    if (!found && !held) return null;
    const untilMs = Math.max(held ? heldMs : 0, found && found.failed.notBeforeMs > 0 ? found.failed.notBeforeMs : 0);
    const later = Number.isFinite(untilMs) && untilMs > 0;
    // Told to wait, but by whom? Whoever is out of order says so as well.
    const outOfOrder = !found && lastFailure(facts, isFault) !== null;
    const sure = found ? held || !found.at.stale : !outOfOrder;
    return {
      confidence: sure ? 'certain' : 'likely',
      params: [later ? clock(untilMs) : ''],
      who: 'supervisor',
      remedy: later ? 'runLater' : 'runAgain',
      argument: later ? String(untilMs) : '',
      supports: [
        ...(found ? [failurePiece(facts, found.at.check, found.failed)] : []),
        ...(held ? [piece('token', 'mustWait', clock(heldMs))] : []),
      ],
      contradicts: found && !held ? found.after.map((asked) => answerPiece(facts, asked)) : [],
    };
  },

  /**
   * 404 for an agent may mean the agent. 404 for the list, or for *me* and the states alike, means that the API is not at this address;
   * so does a web page from a host that never gave a list, though a guest network is likelier.
   */
  wrongHostOrVersion(facts) {
    const { evidence, whole, asked } = facts;
    const notThere = asked.filter(({ failed }) => failed !== null && isNotThere(failed));
    const failedAt = (name: 'me' | 'agent' | 'skillGroups') => notThere.some(({ check }) => check === name);
    const { list } = evidence;
    const listGone = list !== null && isNotThere(list) && !evidence.states.some(({ ok }) => ok);
    const stateGone = facts.lastTry !== null && !facts.lastTry.ok && isNotThere(facts.lastTry);
    const allGone = listGone || (whole && stateGone) || (failedAt('me') && stateGone);
    const supports = notThere.map(({ check, failed }) => piece(check, 'notThere', failed?.host ?? '', failed?.path ?? ''));
    const base = { who: 'admin', remedy: 'openOptions' } as const;
    if (allGone || (failedAt('me') && (failedAt('agent') || failedAt('skillGroups')))) {
      // A poll's path is not kept; one of our own says more.
      const first = notThere.find(({ failed }) => failed?.path) ?? notThere[0];
      const spoke = asked.filter(
        ({ failed }) => failed === null || failed.outcome === 'forbidden' || failed.outcome === 'unauthorized',
      );
      return {
        ...base,
        confidence: allGone && notThere.some(({ stale }) => !stale) ? 'certain' : 'likely',
        params: [first?.failed?.host ?? '', first?.failed?.path ?? ''],
        supports: unique(supports),
        contradicts: unique(spoke.map((each) => answerPiece(facts, each))),
      };
    }
    const page = lastFailure(facts, ({ outcome, status }) => outcome === 'portal' && status === 200);
    if (!page || wasHeard(facts)) return null;
    const { host, path } = page.failed;
    return { ...base, confidence: 'possible', params: [host, path], supports: [piece(page.at.check, 'webPage', host)] };
  },

  malformed(facts) {
    const { lastTry, evidence } = facts;
    const base = { who: 'admin', remedy: 'runAgain' } as const;
    if (lastTry && !lastTry.ok && lastTry.outcome === 'malformed') {
      const supports = [failurePiece(facts, 'state', lastTry)];
      return { ...base, confidence: 'certain', params: [lastTry.path], supports };
    }
    const { list } = evidence;
    if (list?.outcome === 'malformed') {
      const after = facts.asked.filter(({ check, failed }) => check === 'state' && failed === null);
      // Asked for singly, the agent is not in an answer that could be read either.
      const stale = facts.asked.some((each) => each.check === 'state' && each.stale);
      const confidence = stale || after.length > 0 ? 'likely' : 'certain';
      const contradicts = unique(after.map((each) => answerPiece(facts, each)));
      return { ...base, confidence, params: [''], supports: [piece('state', 'unreadable', '')], contradicts };
    }
    // The row that could not be read may be this agent's.
    if (list?.outcome !== 'partial' || !evidence.missing) return null;
    const contradicts: Piece[] = facts.emptyTries > 0 ? [piece('state', 'stateNone', facts.emptyTries)] : [];
    return {
      ...base,
      confidence: 'likely',
      params: [''],
      supports: [piece('state', 'unreadable', ''), missingPiece(facts)],
      contradicts,
    };
  },

  /** Profile `public`: an empty answer to "what changed since" says that nothing did. */
  noChangeSince(facts) {
    const { evidence, lastTry, whole, emptyTries } = facts;
    const unchanged = lastTry !== null && !lastTry.ok && lastTry.outcome === 'unchanged';
    const listUnchanged = evidence.list?.outcome === 'unchanged' && (whole || evidence.missing !== null);
    if (!unchanged && !listUnchanged) return null;
    return {
      confidence: unchanged || whole ? 'certain' : 'likely',
      params: [],
      who: 'supervisor',
      remedy: 'runAgain',
      supports: [piece('state', 'stateUnchanged')],
      contradicts: emptyTries > 0 && !unchanged ? [piece('state', 'stateNone', emptyTries)] : [],
    };
  },
};

/** CXone has spoken at this address, in this diagnosis or before. */
function wasHeard({ evidence: { heard, list, lastSeen }, asked }: Facts): boolean {
  return heard || lastSeen !== null || (list !== null && list.agents > 0) || asked.some(({ failed }) => failed === null);
}

const isNotThere = (failed: Pick<Failed, 'status'>) =>
  failed.status === 404 || failed.status === 410 || failed.status === 405 || failed.status === 501;

/** CXone, or the network before it, is in no state to answer. What says "not there" or "no such id" is an answer. */
function isFault(failed: Failed): boolean {
  if (failed.outcome === 'offline') return true;
  return failed.outcome === 'serverError' && !isNotThere(failed) && failed.status !== 400 && failed.status !== 422;
}

function unique(pieces: readonly Piece[]): Piece[] {
  return pieces.filter((each, index) => pieces.findIndex((other) => JSON.stringify(other) === JSON.stringify(each)) === index);
}
