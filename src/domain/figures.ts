import type { PollOutcome } from './problem.ts';

/** Seven days of one agent's work, as the documented API sums them up; each null when not said. No level can be made of them. */
export interface Figures {
  /** 0–100. */
  occupancy: number | null;
  handled: number | null;
  loginMs: number | null;
}

/** Of one agent, as last known. */
export interface AgentFigures {
  /** False: this API has no such figures. */
  supported: boolean;
  /** Null: none of the seven days, or not asked yet. */
  figures: Figures | null;
  /** When CXone gave them, epoch ms on our clock; 0 = not so far. */
  atMs: number;
  /** Why they are no newer; null when nothing is wrong. */
  problem: PollOutcome | null;
}
