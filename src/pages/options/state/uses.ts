/** What the connection shown is used for besides watching: switched here, decided by the worker. */
import { signal } from '@preact/signals';
import type { Switchable } from '../../../domain/connection.ts';
import { send } from '../../../messages/send.ts';
import { attempt } from '../../parts/notice.tsx';
import { askForSaved } from './connection-form.ts';
import { takeAll } from './load.ts';

/** Which one is being switched. */
export const switching = signal<Switchable | null>(null);

/** Call it in the click itself: where its scopes have to be asked for, Chrome is asked for the hosts first. */
export async function use(capability: Switchable, on: boolean): Promise<void> {
  if (switching.peek() !== null) return;
  const asked = on ? askForSaved() : Promise.resolve(true);
  switching.value = capability;
  await attempt(async () => {
    await asked;
    await send('useCapability', { capability, on });
    await takeAll();
  });
  switching.value = null;
}
