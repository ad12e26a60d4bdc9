export interface FoundBrowser {
  path: string;
  /** Google Chrome, which loads an extension over the debugging pipe only. */
  branded: boolean;
}
export function findBrowser(): Promise<FoundBrowser | null>;
