import type { PollOutcome } from './problem.ts';

/** What waits for one skill, and who is there for it: a queue as supervisors call it. */
export interface SkillActivity {
  skillId: string;
  /** The id when the name is not known. */
  name: string;
  /** Contacts that wait; null when not said. */
  queueCount: number | null;
  /** How long the first of them had waited when CXone answered, ms; null when none waits or it is not said. */
  longestWaitMs: number | null;
  /** 0–100; null when not said. */
  serviceLevel: number | null;
  /** Agents, each null when not said: that is not the same as nobody. */
  agentsAvailable: number | null;
  agentsWorking: number | null;
  agentsUnavailable: number | null;
  agentsAcw: number | null;
  agentsIdle: number | null;
  agentsLoggedIn: number | null;
}

/** Somebody waits, and CXone says that no agent is available. */
export function isUnserved({ queueCount, agentsAvailable }: SkillActivity): boolean {
  return queueCount !== null && queueCount > 0 && agentsAvailable === 0;
}

/** What waits for all skills, as last known. */
export interface Activity {
  /** False: this API has no queues. */
  supported: boolean;
  skills: SkillActivity[];
  /** When CXone gave these skills, epoch ms on our clock; 0 = not so far. */
  atMs: number;
  /** Why they are no newer; null when nothing is wrong. */
  problem: PollOutcome | null;
}
