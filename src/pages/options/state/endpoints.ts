/** Addresses that records are sent on to: which of their hosts Chrome lets us reach, and asking for those it does not. */
import { effect, signal } from '@preact/signals';
import browser from 'webextension-polyfill';
import { checkEndpoint } from '../../../domain/settings-check.ts';
import { settings } from './autosave.ts';
import { hostsAsked, tellHosts } from './host-access.ts';

/** Origins that may be spoken to. */
export const allowedOrigins = signal<ReadonlySet<string>>(new Set());

const pattern = (origin: string) => `${origin}/*`;

/** The origin of an address that may be used; '' for any other. */
export function originOf(address: string): string {
  return address === '' || checkEndpoint(address, __DEMO__) !== null ? '' : new URL(address).origin;
}

async function look(origins: readonly string[]): Promise<void> {
  const asked = await Promise.all(
    origins.map((origin) => browser.permissions.contains({ origins: [pattern(origin)] }).catch(() => false)),
  );
  allowedOrigins.value = new Set(origins.filter((_, index) => asked[index]));
}

const inUse = () => [settings.value.auditUrl, settings.value.wfmUrl].map(originOf).filter((origin) => origin !== '');

/** Looks whenever an address changes, here or by policy, and whenever Chrome's own settings do. @returns what ends it */
export function followEndpoints(): () => void {
  const again = () => void look(inUse());
  const { onAdded, onRemoved } = browser.permissions;
  onAdded.addListener(again);
  onRemoved.addListener(again);
  const end = effect(again);
  return () => {
    end();
    onAdded.removeListener(again);
    onRemoved.removeListener(again);
  };
}

/** Asks for exactly this origin. Must be called in the click itself, before any await: Chrome shows its question only then. */
export function askForOrigin(origin: string): void {
  const answer = browser.permissions.request({ origins: [pattern(origin)] });
  hostsAsked.value = true;
  void answer
    .catch(() => false)
    .then(async () => {
      hostsAsked.value = false;
      await look(inUse());
      await tellHosts();
    });
}
