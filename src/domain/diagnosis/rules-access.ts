/** What the signed-in person, and the token in their name, may see. */
import type { Failed } from './evidence.ts';
import {
  type Facts,
  isOrdinary,
  lastFailure,
  othersListed,
  ownOrganisations,
  sameOrganisation,
  signInMs,
  tokenSinceMs,
} from './facts.ts';
import {
  failurePiece,
  organisationPieces,
  othersPiece,
  piece,
  rightPiece,
  rowPieces,
  scopePieces,
  someOf,
  speaksPlainly,
  stateRight,
} from './pieces.ts';
import type { Found, Rules } from './rule.ts';
import type { Piece } from './verdict.ts';

type Access =
  | 'tokenRejected'
  | 'scopeEmpty'
  | 'scopeDroppedOnRefresh'
  | 'scopeMissing'
  | 'roleLacksPermission'
  | 'partitionRestricted'
  | 'organisationMismatch';

/** OpenID Connect's own: they let nobody see agents. */
const OIDC_SCOPES = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'];

export const ACCESS_RULES: Rules<Access> = {
  tokenRejected(facts) {
    const { token } = facts.evidence;
    const found = (confidence: 'certain' | 'likely', supports: Piece[], contradicts: Piece[] = []): Found<'tokenRejected'> => ({
      confidence,
      params: [],
      who: 'supervisor',
      remedy: 'signIn',
      supports,
      contradicts,
    });
    if (token?.rejected) return found('certain', [piece('token', 'tokenRejected')]);
    if (token && token.phase !== 'signedIn' && token.phase !== 'scopeLost') {
      // A sign-in under way, or a network that does not answer, may still turn out well.
      const ended = token.phase === 'signedOut' || token.phase === 'needsSignIn';
      const unheard = token.failure === 'network' || token.failure === 'providerError';
      return found(ended && !unheard ? 'certain' : 'likely', [piece('token', 'signInNeeded')]);
    }
    const refused = lastFailure(facts, ({ outcome }) => outcome === 'unauthorized');
    if (!refused) return null;
    return found(
      'likely',
      [failurePiece(facts, refused.at.check, refused.failed)],
      refused.after.length > 0 || token?.rejected === false ? [piece('token', 'tokenAccepted')] : [],
    );
  },

  /** Nothing at all came, or nothing but OpenID's own and no renewal that would have lost the rest. */
  scopeEmpty(facts) {
    return isEmptyGrant(facts) ? { ...scopeFound(facts), params: [] } : null;
  },

  scopeDroppedOnRefresh(facts) {
    const { loss, clock } = facts;
    if (loss?.kind !== 'dropped' || isEmptyGrant(facts)) return null;
    const { atMs, nth } = loss.at;
    return { ...scopeFound(facts), params: [loss.scopes.join(', '), clock(atMs), nth > 0 ? String(nth) : ''] };
  },

  scopeMissing(facts) {
    const { loss, clock } = facts;
    if (loss?.kind !== 'neverGiven' || isEmptyGrant(facts)) return null;
    const { at } = loss;
    const refused = at !== null && loss.scopes.some((scope) => at.requested.includes(scope));
    // Asked for and not given: signing in again brings the same, until the client is allowed to have it.
    const who = refused ? 'admin' : 'supervisor';
    return { ...scopeFound(facts), who, params: [loss.scopes.join(', '), at ? clock(at.atMs) : ''] };
  },

  /**
   * 403 for the list, or an empty list for somebody whose permissions, being listed, hold none for agent states (seed 004). Where others are
   * listed for this person, or such a permission is found, something speaks against it. *Partition* in the server's words means another cause.
   */
  roleLacksPermission(facts) {
    const { listEmpty, lacking } = facts;
    const { me } = facts.evidence;
    const none = listEmpty ? [piece('state', 'othersNone')] : [];
    const refused = refusal(facts);
    const right = stateRight(facts);
    const others = othersListed(facts, signInMs(facts));
    const contradicts = others > 0 ? [othersPiece(others)] : [];
    const base = {
      who: 'admin',
      remedy: 'openAdmin',
      params: [me?.ok ? someOf(me.roles) : '', refused?.failed.detail ?? ''],
    } satisfies Partial<Found<'roleLacksPermission'>>;
    const lacks = right === 'absent' || (right !== 'unknown' && right.role && me?.ok === true && me.permissions.length > 0);
    // A role's name alone says little while others may well be listed.
    if (lacks && me?.ok && facts.missing && (!refused || refused.of === 'agent') && (listEmpty || me.permissions.length > 0)) {
      if (right !== 'absent') contradicts.push(rightPiece(facts));
      const sure = listEmpty && speaksPlainly(me.permissions) && facts.evidence.scopes !== null && lacking.length === 0;
      const supports = [piece('me', 'permissionAbsent', someOf(me.roles)), ...none];
      return { ...base, confidence: sure ? 'certain' : 'likely', supports, contradicts };
    }
    if (refused) {
      if (speaksOfPartition(facts, refused.failed)) return null;
      if (right !== 'absent' && right !== 'unknown') contradicts.push(rightPiece(facts));
      const supports = [failurePiece(facts, refused.check, refused.failed), ...(right === 'absent' ? [rightPiece(facts)] : [])];
      const likely = refused.of !== 'agent' && !hintsAtPartition(refused.failed);
      return {
        ...base,
        confidence: refused.of === 'list' && !refused.stale ? 'certain' : likely ? 'likely' : 'possible',
        supports,
        contradicts,
      };
    }
    if (right !== 'unknown' || !listEmpty) return null;
    return {
      ...base,
      confidence: 'possible',
      supports: [...none, ...(me ? [piece('me', 'permissionsUnknown')] : [])],
      contradicts,
    };
  },

  /** 403 for this agent while others are listed, or the server says so itself (seed 000). */
  partitionRestricted(facts) {
    const refused = refusal(facts);
    if (!refused) return null;
    const said = speaksOfPartition(facts, refused.failed);
    const others = othersListed(facts, signInMs(facts));
    const hinted = hintsAtPartition(refused.failed);
    if (!said && refused.of === 'list') return null;
    const sure = (said && !refused.stale) || (refused.of === 'state' && others > 0);
    return {
      confidence: sure ? 'certain' : said || others > 0 || hinted ? 'likely' : 'possible',
      params: [refused.failed.detail],
      who: 'admin',
      remedy: 'openAdmin',
      supports: [
        failurePiece(facts, refused.check, refused.failed),
        ...(others > 0 && refused.of !== 'list' ? [othersPiece(others)] : []),
      ],
      contradicts: rowPieces(facts),
    };
  },

  organisationMismatch(facts) {
    const { evidence, listEmpty, row } = facts;
    const { agent } = evidence;
    const theirs = agent?.ok ? agent.organisationId : '';
    const pieces = organisationPieces(facts);
    const other = pieces.filter(({ code }) => code === 'organisationOther');
    const own = ownOrganisations(evidence).find((id) => !sameOrganisation(id, theirs));
    if (other.length === 0 || own === undefined) return null;
    return {
      confidence: 'certain',
      params: [theirs, own],
      // Nobody of one's own organisation either: it may be the wrong account.
      who: 'supervisor',
      remedy: listEmpty ? 'signIn' : 'stopWatching',
      supports: other,
      contradicts: [
        ...pieces.filter(({ code }) => code === 'organisationSame'),
        ...(row && isOrdinary(row) ? rowPieces(facts) : []),
      ],
    };
  },
};

function isEmptyGrant({ evidence: { scopes }, loss }: Facts): boolean {
  if (!scopes || !loss) return false;
  if (scopes.effective.length === 0) return true;
  // A tenant may require one of OpenID's own.
  return (
    loss.kind === 'neverGiven' &&
    scopes.effective.every((scope) => OIDC_SCOPES.includes(scope) && !scopes.required.includes(scope))
  );
}

/** What the three causes of the scopes share. A list of others, asked for with this very token, speaks against them all. */
function scopeFound(facts: Facts): Omit<Found<'scopeMissing'>, 'params'> {
  const others = othersListed(facts, tokenSinceMs(facts));
  const assumed = facts.evidence.scopes?.source === 'requested';
  const supports = scopePieces(facts);
  if (assumed) supports.push(piece('scopes', 'scopesAssumed', facts.evidence.scopes?.effective.join(', ') ?? ''));
  return {
    confidence: others > 0 ? 'possible' : assumed ? 'likely' : 'certain',
    who: 'supervisor',
    remedy: 'signIn',
    supports,
    contradicts: others > 0 ? [othersPiece(others)] : [],
  };
}

interface Refusal {
  /** See `Asked`. */
  stale: boolean;
  check: 'agent' | 'state';
  failed: Failed;
  /** `list`: of everybody. `state`: of this agent's state. `agent`: of this agent's profile or skill groups alone, which says less. */
  of: 'list' | 'state' | 'agent';
}

/** The weightiest 403. One for *me* says nothing of agents. */
function refusal({ evidence, whole, lastTry, asked }: Facts): Refusal | null {
  const { list, agent } = evidence;
  const forbidden = (failed: Failed) => failed.outcome === 'forbidden';
  if (lastTry && !lastTry.ok && forbidden(lastTry))
    return { check: 'state', stale: false, failed: lastTry, of: whole || list?.outcome === 'forbidden' ? 'list' : 'state' };
  if (list?.outcome === 'forbidden' && lastTry === null) {
    const { outcome, status, detail, host } = list;
    const stale = asked.some((each) => each.check === 'state' && each.stale);
    return { check: 'state', stale, failed: { ok: false, outcome, status, detail, host, path: '', notBeforeMs: 0 }, of: 'list' };
  }
  return agent && !agent.ok && forbidden(agent) ? { check: 'agent', stale: false, failed: agent, of: 'agent' } : null;
}

/** The documented API has its own words for it: "Agent - '7' is restricted" (facts/cxone-api.md section 3). */
const speaksOfPartition = ({ evidence: { profile } }: Facts, { detail }: Failed) =>
  /partition/i.test(detail) || (profile === 'public' && /\bis restricted\b/i.test(detail));
const hintsAtPartition = ({ detail }: Failed) => /restrict/i.test(detail);
