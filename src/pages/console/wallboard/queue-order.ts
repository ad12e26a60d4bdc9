import { isUnserved, type SkillActivity } from '../../../domain/skill-activity.ts';

/** Rows of the card until all are asked for; one more is not worth a button. */
export const SHORT = 5;
/** With those further down that need attention; more than this pushes the agents off the screen. */
export const MOST = 10;

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** The longest wait first, then the most waiting, then by name; by id at last so that the order never jumps. */
export function sortQueues(queues: readonly SkillActivity[]): SkillActivity[] {
  return [...queues].sort(
    (a, b) =>
      (b.longestWaitMs ?? -1) - (a.longestWaitMs ?? -1) ||
      (b.queueCount ?? 0) - (a.queueCount ?? 0) ||
      collator.compare(a.name, b.name) ||
      (a.skillId < b.skillId ? -1 : 1),
  );
}

/** The first of them, and those further down that need attention. */
export function shortList(sorted: readonly SkillActivity[], all: boolean): SkillActivity[] {
  if (all || sorted.length <= SHORT + 1) return [...sorted];
  return sorted.filter((queue, index) => index < SHORT || isUnserved(queue)).slice(0, MOST);
}

export interface Summary {
  waiting: number;
  /** Ms when CXone answered; null when nobody waits or it is not said. */
  longestWaitMs: number | null;
  /** Queues where somebody waits and nobody is available. */
  unserved: number;
}

export function summaryOf(queues: readonly SkillActivity[]): Summary {
  const waits = queues.flatMap(({ longestWaitMs }) => longestWaitMs ?? []);
  return {
    waiting: queues.reduce((sum, { queueCount }) => sum + (queueCount ?? 0), 0),
    longestWaitMs: waits.length > 0 ? waits.reduce((a, b) => Math.max(a, b)) : null,
    unserved: queues.filter(isUnserved).length,
  };
}
