/** What a run found about one agent, in the one sentence that stands on top of it. */

import { causeTitle } from '../../../domain/diagnosis/cause-words.ts';
import type { Cause } from '../../../domain/diagnosis/causes.ts';
import { diagnose } from '../../../domain/diagnosis/diagnose.ts';
import type { AgentEvidence } from '../../../domain/diagnosis/evidence.ts';
import { type DiagnosisRun, evidenceOf, type KnownCause, type RunStatus } from '../../../domain/diagnosis/run.ts';
import type { Diagnosis, Verdict } from '../../../domain/diagnosis/verdict.ts';
import type { Phrase } from '../../../domain/problem-words.ts';
import { tCode } from '../../../messages/words.ts';
import { now } from '../../parts/clock.ts';
import { formatWhen } from '../../parts/when.ts';

/** Times as they are said beside a verdict: with the day where it was not today. */
export const clock = (ms: number): string => formatWhen(ms, now.peek());

/** Worked out once for each piece of evidence: a list of many is drawn far more often than it changes. */
const found = new WeakMap<AgentEvidence, Diagnosis>();

export function findingOf(run: Pick<DiagnosisRun, 'shared'>, agent: AgentEvidence): Diagnosis {
  const known = found.get(agent) ?? diagnose(evidenceOf(run, agent), clock);
  found.set(agent, known);
  return known;
}

/**
 * `verdict`: this is why. `answered`: there is nothing to explain. `unexplained`: everything was asked, and nothing fits or all of it is merely possible.
 * The other two ended too early to say.
 */
export type Outcome =
  | { kind: 'verdict'; verdict: Verdict; others: Verdict[] }
  | { kind: 'answered' | 'unexplained' | 'cancelled' | 'interrupted'; others: Verdict[] };

/** Of a run that has ended. One that ended early has found something only if that is certain: what else it suggests may be what it did not get to. */
export function outcomeOf({ verdicts, answered }: Diagnosis, status: Exclude<RunStatus, 'running'>): Outcome {
  const [verdict, ...others] = verdicts;
  const enough = status === 'done' ? verdict?.confidence !== 'possible' : verdict?.confidence === 'certain';
  if (verdict && enough) return { kind: 'verdict', verdict, others };
  if (answered) return { kind: 'answered', others: verdicts };
  return { kind: status === 'done' ? 'unexplained' : status, others: verdicts };
}

/** A cause as a sentence that claims no more than is known. The cause's own parameters stay in it, to be set as code. */
export function claim(found: Pick<KnownCause, 'cause' | 'confidence' | 'params'>): Phrase {
  const title = causeTitle(found);
  if (found.confidence === 'certain') return title;
  return { key: `diagnosis_${found.confidence}Title`, params: [tCode(title.key, title.params), ...found.params] };
}

export function headline(outcome: Outcome): Phrase {
  if (outcome.kind === 'verdict') return claim(outcome.verdict);
  return { key: `diagnosis_${outcome.kind}_title`, params: [] };
}

/** Nothing is broken: the agent went home, or the state was merely late. Said without alarm. */
const CALM: readonly Cause[] = ['loggedOut', 'propagationDelay', 'noChangeSince'];

export function toneOf(outcome: Outcome): 'bad' | 'calm' | 'open' {
  if (outcome.kind === 'answered') return 'calm';
  if (outcome.kind !== 'verdict' || outcome.verdict.confidence === 'possible') return 'open';
  return CALM.includes(outcome.verdict.cause) ? 'calm' : 'bad';
}

/** Whether asking again is the main thing to do about it. */
export function offersAgain(outcome: Outcome): boolean {
  if (outcome.kind === 'verdict') return outcome.verdict.remedy === 'runAgain' || outcome.verdict.remedy === 'runLater';
  return outcome.kind === 'cancelled' || outcome.kind === 'interrupted';
}
