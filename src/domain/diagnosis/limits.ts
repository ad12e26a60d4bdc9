/** How long and how often a diagnosis asks (DESIGN section 7, `propagationDelay`; seed 000). */

/** How often the state is asked for again after an answer without it. */
export const RETRIES = 3;
export const TRIES = 1 + RETRIES;
export const RETRY_MS = 5_000;
/** An answer serves for the same question so long, whoever asked it. */
export const SHARED_MS = 10_000;
/** No retry later than this after the beginning. A state may take as long to show. */
export const LAG_MS = 30_000;
