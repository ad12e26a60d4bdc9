/** The version in the path (facts/cxone-api.md section 1): old ones stay alive, and not every tenant has the newest. */

/** As NICE's documents spell it; CXone takes any case, software between us and it may not (facts section 9). */
export const PUBLIC_API_PREFIX = '/inContactAPI/services/v34.0';
const OLDER = ['30.0', '28.0'];
const VERSION = /\/v(\d+(?:\.\d+)?)$/i;

/** The same path in the versions to try when this one is not there; none for a path that names no version. */
export function otherVersions(prefix: string): string[] {
  const current = VERSION.exec(prefix)?.[1];
  if (current === undefined) return [];
  return OLDER.filter((version) => Number(version) !== Number(current)).map((version) => prefix.replace(VERSION, `/v${version}`));
}

/** Whether a 404 is about an agent and not about the path: CXone says so in its words. */
export function isAboutAgent(said: string): boolean {
  return /invalid agent ?id|\bagent\b.{0,40}\bnot found/i.test(said);
}
