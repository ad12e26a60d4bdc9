/** Names of all alarms, in one place. */
export const ALARMS = { poll: 'poll', daily: 'daily' } as const;
