/**
 * Why is it empty? From evidence to verdicts, and nothing else: no question is asked here, and no clock read. Every cause has one rule
 * (`rules-*.ts`); what fills its words is in `params.ts`.
 */
import { CAUSES, type Cause, CONFIDENCES, type Confidence } from './causes.ts';
import type { Evidence } from './evidence.ts';
import { type Clock, type Facts, factsOf } from './facts.ts';
import type { Found, Rules } from './rule.ts';
import { ACCESS_RULES } from './rules-access.ts';
import { AGENT_RULES } from './rules-agent.ts';
import { STATE_RULES } from './rules-state.ts';
import { WAY_RULES } from './rules-way.ts';
import type { Diagnosis, Verdict } from './verdict.ts';

const RULES: Rules<Cause> = { ...WAY_RULES, ...ACCESS_RULES, ...AGENT_RULES, ...STATE_RULES };

/**
 * What must be mended first: whoever cannot reach CXone needs no scopes, and whoever has no scopes need not ask about skills. Among equally sure
 * verdicts this decides. "It may be late" comes last: it mends itself.
 */
const MENDED_FIRST: Record<Cause, number> = {
  hostAccessMissing: 1,
  unreachable: 2,
  captivePortal: 3,
  rateLimited: 4,
  wrongHostOrVersion: 5,
  tokenRejected: 6,
  malformed: 7,
  scopeEmpty: 8,
  scopeDroppedOnRefresh: 9,
  scopeMissing: 10,
  roleLacksPermission: 11,
  partitionRestricted: 12,
  organisationMismatch: 13,
  wrongKindOfId: 14,
  agentNotFound: 15,
  noSkillGroups: 16,
  skillInactive: 17,
  noChangeSince: 18,
  loggedOut: 19,
  notLoggedInToASkill: 20,
  noStateSet: 21,
  propagationDelay: 22,
};

/** Causes that go with a state: what is late comes, and a state can be given by CXone while its list leaves the agent out. */
const BESIDE_A_STATE: readonly Cause[] = ['propagationDelay', 'notLoggedInToASkill'];

/**
 * The verdicts, the likeliest first. One that something speaks against is a step less sure than its own evidence would make it, and never certain.
 * @param clock makes a time of day of epoch ms, for the words
 */
export function diagnose(evidence: Evidence, clock: Clock): Diagnosis {
  const facts = factsOf(evidence, clock);
  const { answered } = facts;
  const causes = answered ? BESIDE_A_STATE : CAUSES;
  const verdicts = causes.flatMap((cause) => verdictOf(cause, facts) ?? []).sort(byLikelihood);
  if (verdicts[0]?.confidence !== 'certain') return { verdicts, answered };
  // What is certain explains it. What is merely not ruled out is noise then, unless it was doubted for a reason that should be seen; and
  // "it may only be late" is never more than not ruled out.
  const stays = ({ cause, confidence, contradicts }: Verdict) =>
    confidence === 'certain' || contradicts.length > 0 || (confidence === 'likely' && cause !== 'propagationDelay');
  return { verdicts: verdicts.filter(stays), answered };
}

function verdictOf<C extends Cause>(cause: C, facts: Facts): Verdict | null {
  const found: Found<C> | null = RULES[cause](facts);
  if (!found || found.supports.length === 0) return null;
  const { confidence, params, who: whoCanFix, remedy, argument: remedyArgument = '', supports, contradicts = [] } = found;
  return {
    cause,
    confidence: contradicts.length > 0 ? lowered(confidence) : confidence,
    params: [...params],
    whoCanFix,
    remedy,
    remedyArgument,
    supports,
    contradicts,
  };
}

const lowered = (confidence: Confidence): Confidence => (confidence === 'certain' ? 'likely' : 'possible');

function byLikelihood(a: Verdict, b: Verdict): number {
  const surer = CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence);
  const doubted = Number(a.contradicts.length > 0) - Number(b.contradicts.length > 0);
  return surer || doubted || MENDED_FIRST[a.cause] - MENDED_FIRST[b.cause];
}
