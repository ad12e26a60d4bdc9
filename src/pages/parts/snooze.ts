/** How long alerts may be silent: until when, as epoch ms. */
export const SNOOZES = {
  quarter: (now: Date) => now.getTime() + 15 * 60_000,
  hour: (now: Date) => now.getTime() + 3_600_000,
  /** 06:00 of the next day on the wall clock, whatever the hour (or the clock change of the night) in between. */
  tomorrow: (now: Date) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 6).getTime(),
} as const satisfies Record<string, (now: Date) => number>;
