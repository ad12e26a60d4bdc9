/** Which of the connection's hosts Chrome lets us reach. */
import { signal } from '@preact/signals';
import browser from 'webextension-polyfill';
import { send } from '../../../messages/send.ts';

/** Origins of the saved connection that Chrome does not let us reach. */
export const missingHosts = signal<string[]>([]);
/** Chrome's question is on screen. */
export const hostsAsked = signal(false);

let wanted: string[] = [];
const pattern = (origin: string) => `${origin}/*`;

/** Looks again which of `origins` (those of the saved connection) are missing. */
export async function lookAtHosts(origins: string[]): Promise<void> {
  wanted = origins;
  const granted = await Promise.all(
    origins.map((origin) => browser.permissions.contains({ origins: [pattern(origin)] }).catch(() => false)),
  );
  if (wanted === origins) missingHosts.value = origins.filter((_, index) => !granted[index]);
}

/**
 * Asks Chrome for access. Must be called in the click itself, before any await: Chrome shows its question only then.
 * Settles when the user has answered; the worker is told either way.
 * @param patterns what to ask for
 * @param origins what is needed now: what of it is missing is looked up afterwards
 */
export function askForHosts(patterns: string[], origins: string[]): Promise<boolean> {
  if (patterns.length === 0) return Promise.resolve(true);
  const answer = browser.permissions.request({ origins: patterns });
  hostsAsked.value = true;
  return answer
    .catch(() => false)
    .then(async (granted) => {
      hostsAsked.value = false;
      await lookAtHosts(origins);
      return granted;
    });
}

/** Tells the worker what Chrome answered. It finds out by itself at its next wake if this is lost. */
export async function tellHosts(): Promise<void> {
  await send('hostAccessChanged', {}).catch(() => undefined);
}

/** Access may be given or taken away in Chrome's own settings while the page is open. */
export function followHosts(): void {
  const look = () => void lookAtHosts([...wanted]);
  browser.permissions.onAdded.addListener(look);
  browser.permissions.onRemoved.addListener(look);
}
