/**
 * How often a property is tried: as often as said in `npm test`, a tenth of that in `npm run check`, which is for after every change.
 */
export function runs(count: number): { numRuns: number } {
  return { numRuns: process.env.QUICK === '1' ? Math.ceil(count / 10) : count };
}
