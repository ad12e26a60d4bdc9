import { signal } from '@preact/signals';
import { send } from '../../../messages/send.ts';
import type { KnownReasons } from '../logic/reason-hints.ts';
import { connectionId } from './connection-form.ts';

const NOTHING: KnownReasons = { reasons: [], seen: [] };

/** What is known of the tenant's reasons, for the connection shown. Suggestions only: without them a rule is written as before. */
export const knownReasons = signal<KnownReasons>(NOTHING);

let of: string | null = null;

/** Asks the worker, which asks nobody. */
export async function readReasons(): Promise<void> {
  const mine = connectionId.peek();
  if (mine !== of) knownReasons.value = NOTHING;
  of = mine;
  if (mine === null) return;
  const reply = await send('desk', {}).catch(() => NOTHING);
  // Another connection may be shown by now.
  if (of === mine && connectionId.peek() === mine) knownReasons.value = reply;
}
