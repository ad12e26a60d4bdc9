/** The agent's state: is there one, and has it reached CXone's list yet? */
import { type Facts, isOrdinary, refusesId } from './facts.ts';
import { LAG_MS, TRIES } from './limits.ts';
import { missingPiece, piece, rowPieces, seconds, seenPieces } from './pieces.ts';
import type { Rules } from './rule.ts';
import type { Piece } from './verdict.ts';

type OfState = 'loggedOut' | 'notLoggedInToASkill' | 'noStateSet' | 'propagationDelay';

/** From one poll to the next, and the delay: a state that was missing for longer was not merely late. */
const LATE_MS = 2 * LAG_MS;

const CANNOT_TELL = { who: 'agent', remedy: 'runAgain' } as const;

export const STATE_RULES: Rules<OfState> = {
  loggedOut(facts) {
    const { row, evidence, clock } = facts;
    const { agent, lastSeen } = evidence;
    if (facts.whole) return null;
    if (row) {
      if (row.category !== 'loggedOut' && row.loggedIn !== false) return null;
      const since = row.sinceMs > 0 ? clock(row.sinceMs) : '';
      return { ...CANNOT_TELL, confidence: 'certain', params: [since, ''], supports: rowPieces(facts) };
    }
    if (!facts.missing) return null;
    const none = nonePieces(facts);
    if (agent?.ok && agent.active === false) {
      const supports = [piece('agent', 'agentInactive'), ...none];
      return { confidence: 'likely', params: ['', 'inactive'], who: 'admin', remedy: 'openAdmin', supports };
    }
    if (lastSeen?.category === 'loggedOut') {
      const params: [string, string] = [clock(lastSeen.atMs), ''];
      return { ...CANNOT_TELL, confidence: 'likely', params, supports: [...seenPieces(facts), ...none] };
    }
    if (!isOpen(facts)) return null;
    return { ...CANNOT_TELL, confidence: 'possible', params: ['', ''], supports: none, contradicts: seenPieces(facts) };
  },

  notLoggedInToASkill(facts) {
    const { row, evidence } = facts;
    const { skillGroups, profile } = evidence;
    // The documented API lists agents whatever their skills: nobody logs in to one there.
    if (facts.whole || profile === 'public') return null;
    if (row) {
      if (row.skills !== 0 || row.loggedIn === false || row.category === 'loggedOut') return null;
      if (!isOrdinary(row)) return { ...CANNOT_TELL, confidence: 'certain', params: [], supports: rowPieces(facts) };
      // Some tenants name no skills during a break: only with the agent missing from the list does it say anything.
      if (!evidence.missing) return null;
      const supports = [piece('state', 'stateWithoutSkill'), missingPiece(facts)];
      return { ...CANNOT_TELL, confidence: 'likely', params: [], supports };
    }
    if (!isOpen(facts) || (skillGroups?.ok && skillGroups.groups.length === 0)) return null;
    return { ...CANNOT_TELL, confidence: 'possible', params: [], supports: nonePieces(facts) };
  },

  noStateSet(facts) {
    const { row } = facts;
    if (facts.whole) return null;
    if (row) {
      if (isOrdinary(row) || row.category === 'loggedOut' || row.loggedIn === false) return null;
      // Without a skill no state can be set: that comes first.
      return {
        ...CANNOT_TELL,
        confidence: row.skills === 0 ? 'likely' : 'certain',
        params: [],
        supports: [piece('state', 'stateUnset')],
      };
    }
    if (!isOpen(facts)) return null;
    return { ...CANNOT_TELL, confidence: 'possible', params: [], supports: nonePieces(facts) };
  },

  /** A state may take half a minute to show (seed 000). */
  propagationDelay(facts) {
    const { evidence, answered, emptyTries, whole, asOfMs, row } = facts;
    const { states, missing } = evidence;
    const base = { who: 'supervisor', remedy: null } as const;
    if (answered) {
      const retry = whole ? states.length - 1 : states.findIndex((each) => each.ok && each.row !== null);
      const found = states[retry];
      const [first] = states;
      if (found && first && retry > 0 && emptyTries > 0) {
        const took = String(seconds(found.atMs - first.atMs));
        const supports = [piece('state', 'stateNone', emptyTries), piece('state', 'stateOnRetry', retry, took)];
        return { ...base, confidence: 'certain', params: [took, String(retry)], supports };
      }
      // Back at the first question. After so long it is back for another reason.
      if (!missing || !found || !(found.atMs - missing.sinceMs <= LATE_MS)) return null;
      const took = String(seconds(found.atMs - missing.sinceMs));
      const back = whole
        ? piece('state', 'othersListed', evidence.list?.agents ?? 0)
        : piece('state', 'stateFound', row?.stateName ?? '');
      return { ...base, confidence: 'likely', params: [took, ''], supports: [missingPiece(facts), back] };
    }
    if (!facts.missing || row || isNobody(facts)) return null;
    const sinceMs = missing?.sinceMs ?? states[0]?.atMs ?? Number.NaN;
    const supports = nonePieces(facts);
    if (!(asOfMs - sinceMs < LAG_MS) || supports.length === 0) return null;
    return {
      ...base,
      remedy: 'runAgain',
      confidence: emptyTries < TRIES ? 'likely' : 'possible',
      params: ['', ''],
      supports,
    };
  },
};

/** The id is no agent's: there is no state that could be late. */
const isNobody = ({ evidence: { agent, agentId, identity } }: Facts) =>
  (agent?.ok === false && refusesId(agent)) || (identity?.match ? identity.match.agentId !== agentId : false);

/** CXone answered, without the agent, and does not say why. */
const isOpen = ({ emptyTries, lastTry }: Facts) => emptyTries > 0 && lastTry?.ok === true;

function nonePieces(facts: Facts): Piece[] {
  const { emptyTries, evidence, whole, listEmpty } = facts;
  return [
    ...(emptyTries > 0 ? [whole ? piece('state', 'othersNone') : piece('state', 'stateNone', emptyTries)] : []),
    ...(evidence.missing && !whole ? [missingPiece(facts)] : []),
    ...(whole && emptyTries === 0 && listEmpty ? [piece('state', 'othersNone')] : []),
  ];
}
