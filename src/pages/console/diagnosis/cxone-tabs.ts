/** Which pages of CXone a button opens. `hosts`: the connection's origins, that of its sign-in first, that of its API last. */
import browser from 'webextension-polyfill';

/** CXone's own pages are where one signs in to it; a connection whose provider is another's has nothing nearer to offer. */
export const adminUrl = (hosts: readonly string[]): string | null => webUrl(hosts[0]);
/** The network's log-in page comes up in place of whatever is asked for: so ask for what it stood in the way of. */
export const portalUrl = (hosts: readonly string[]): string | null => webUrl(hosts.at(-1));

function webUrl(origin: string | undefined): string | null {
  return origin !== undefined && /^https?:\/\/[^/\s]+$/.test(origin) ? `${origin}/` : null;
}

export async function openTab(url: string | null): Promise<void> {
  if (url !== null) await browser.tabs.create({ url });
}
