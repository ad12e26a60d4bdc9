/** Faults of writing skills, for both profiles: they leave the reading of skills alone. */

/**
 * Common to all of them: `share` (1) of all attempts, chosen by `seed` (1), agent, skill and how often that one was tried, so that the order in
 * which they come plays no part; `each`: at most so many times for one agent's one skill.
 */
export const SKILL_FAULT_KINDS = {
  applyLate: [
    'skills',
    'lowMs (0), highMs (20000), scale (1), answer (before): a change is accepted and takes effect so much later (real time); the answer comes before, after, or either; share, seed, each',
  ],
  writeStatus: [
    'skills',
    'status (500), retryAfter?, text?, when (before): an error answer, before or after the change was accepted; share, seed, each',
  ],
  writeLost: [
    'skills',
    'when (after): before or after the change was accepted; as (reset): reset | cut | silence, ms (60000): the connection dies at once without a word, within the answer, or after so long (Chromium itself sends again what gets no word on a connection that was used before); share, seed, each',
  ],
  writeConflict: [
    'skills',
    '409: somebody else is about to change this; theirs?: with a number somebody else really sets that level at once, with "other" one that is not ours; share, seed, each',
  ],
  skillsAsIds: ['skills', 'strategies name their skills by id alone (profile v2)'],
  licences: ['skills', 'agentId, licenses: [{licenseType, status}] instead of the agent’s own (profile v2)'],
} as const satisfies Record<string, readonly ['skills', string]>;
