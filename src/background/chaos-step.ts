/**
 * A named point at which the chaos campaign may stop the worker: it asks for one by name in `storage.session`, sees that it was reached,
 * and kills. Compiled out of the production build.
 */
import browser from 'webextension-polyfill';

export async function chaosStep(name: string): Promise<void> {
  if (!__DEMO__) return;
  const { chaosStep: wanted } = await browser.storage.session.get('chaosStep');
  if (wanted !== name) return;
  await browser.storage.session.set({ chaosStep: '', chaosReached: name });
  await new Promise(() => undefined);
}
