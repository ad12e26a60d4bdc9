/**
 * Which check comes next: the order of `CHECKS` (seed 000), each only where it can still change the verdict.
 *
 * - Nothing more is asked once a verdict is certain, nor where nothing can be asked (no host access, no token, "not before").
 * - *me* is left out where others are listed for this person and the token says its organisation: then the role is no question, and the
 *   organisation none either. It is asked after all where the agent's organisation is known and one's own is not.
 * - An id that plainly is not an agent's is looked up before CXone is asked about an agent of that name; one CXone does not know, afterwards.
 * - The skill groups of somebody CXone does not know, or refuses to talk about, are not asked for.
 * - The state is asked for again only while it may be late: not for somebody unknown.
 */
import { diagnose } from './diagnose.ts';
import type { Check, Evidence, Failed } from './evidence.ts';
import { type Facts, factsOf, othersListed, ownOrganisations, refusesId, signInMs } from './facts.ts';
import { isOfAnotherKind } from './id-kind.ts';
import { RETRY_MS, TRIES } from './limits.ts';

export interface Step {
  check: Check;
  /** Not before so many ms from now. */
  waitMs: number;
}

/** A list from longer ago is no reason to believe that the role still lets others be seen. */
const RECENT_MS = 5 * 60_000;

const noWords = () => '';
const now = (check: Check): Step => ({ check, waitMs: 0 });

/** Null: the cause is certain, or nothing that could be asked would tell more. */
export function nextStep(evidence: Evidence, nowMs: number): Step | null {
  const { token, scopes } = evidence;
  if (!token) return now('token');
  if (mayNotAsk(evidence, nowMs)) return null;
  if (!scopes) return now('scopes');
  const facts = factsOf(evidence, noWords);
  // No token is handed out for less than what is required: there is nothing to ask with.
  if (token.phase === 'scopeLost' || isEnded(facts)) return null;
  return aboutMe(facts) ?? (facts.whole ? null : aboutAgent(facts)) ?? aboutState(facts, nowMs);
}

function mayNotAsk({ token }: Evidence, nowMs: number): boolean {
  if (!token) return false;
  const { hostsMissing, notBeforeMs, phase, rejected } = token;
  return hostsMissing.length > 0 || notBeforeMs > nowMs || rejected === true || (phase !== 'signedIn' && phase !== 'scopeLost');
}

/** A verdict is certain, CXone gives a state, or what was asked last says that asking more is of no use. */
function isEnded(facts: Facts): boolean {
  const { evidence, asked } = facts;
  const last = asked.at(-1);
  // A poll's 401 may be from before a renewal: one question of our own, renewed where that helps, makes it certain or takes it back.
  const unproved = last?.failed?.outcome === 'unauthorized' && evidence.token?.rejected === null;
  if (last?.failed && !last.stale && !unproved && stopsAll(last.failed)) return true;
  const { verdicts, answered } = diagnose(evidence, noWords);
  return (answered && evidence.states.length > 0) || verdicts[0]?.confidence === 'certain';
}

/** Whoever is sent away, or finds nobody at home, does not go on knocking. */
const stopsAll = ({ outcome }: Failed) =>
  outcome === 'portal' || outcome === 'rateLimited' || outcome === 'offline' || outcome === 'unauthorized';

function aboutMe(facts: Facts): Step | null {
  const { evidence, whole } = facts;
  if (evidence.me) return null;
  const listed = othersListed(facts, Math.max(signInMs(facts), evidence.startedMs - RECENT_MS)) > 0;
  const theirs = evidence.agent?.ok ? evidence.agent.organisationId : '';
  const unknown = ownOrganisations(evidence).length === 0;
  return !listed || (unknown && (whole || theirs !== '')) ? now('me') : null;
}

function aboutAgent({ evidence }: Facts): Step | null {
  const { agent, identity, skillGroups, lastSeen, unasked } = evidence;
  const looked = identity?.looked ?? false;
  // CXone has listed this very id: whatever it looks like, it is an agent's.
  const other = identity !== null && lastSeen === null && isOfAnotherKind(identity.looksLike, identity.expected);
  if (!agent && unasked) return skillGroups ? null : now('skillGroups');
  if (!agent) return now(other && !looked ? 'identity' : 'agent');
  if (agent.ok) return skillGroups ? null : now('skillGroups');
  if (refusesId(agent)) return looked ? null : now('identity');
  return skillGroups || agent.outcome === 'forbidden' ? null : now('skillGroups');
}

function aboutState({ evidence, lastTry }: Facts, nowMs: number): Step | null {
  const { agent, identity, states, endMs } = evidence;
  const unknown = agent !== null && !agent.ok && refusesId(agent);
  // Neither an agent nor anybody else: whether CXone has a state for nobody is no question.
  if (unknown && identity?.complete && identity.searched > 0) return null;
  if (!lastTry) return now('state');
  if (unknown || states.length >= TRIES || (!lastTry.ok && refusesId(lastTry))) return null;
  const dueMs = lastTry.atMs + RETRY_MS;
  const waitMs = Number.isFinite(dueMs) ? Math.min(Math.max(0, dueMs - nowMs), RETRY_MS) : RETRY_MS;
  return nowMs + waitMs <= endMs ? { check: 'state', waitMs } : null;
}
