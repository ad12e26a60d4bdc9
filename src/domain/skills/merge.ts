/** Three-way merge of one assignment (security-reliability.md 6.2). Null is "not assigned". */
import { type Held, sameHeld } from './assignment.ts';

/**
 * `send`: the tenant still has what we knew. `done`: it has what we want already. `conflict`: it has something else, which is somebody's work: never
 * written over unasked.
 */
export function merge(before: Held | null, theirs: Held | null, ours: Held | null): 'send' | 'done' | 'conflict' {
  if (sameHeld(theirs, ours)) return 'done';
  return sameHeld(theirs, before) ? 'send' : 'conflict';
}
