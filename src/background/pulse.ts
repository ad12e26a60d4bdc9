/** When a connection was last asked and what came of it: memory only, so that a poll that changes nothing writes nothing to disk. */
import browser from 'webextension-polyfill';
import type { ConnectionId } from '../domain/connection.ts';
import { type Heartbeat, publish } from '../messages/published.ts';

const NEVER: Heartbeat = { okMs: 0, askedMs: 0, nextMs: 0, outcome: null, watermark: '', fullMs: 0 };

const keyOf = (id: ConnectionId) => `${id}/pulse`;

export async function readPulse(id: ConnectionId): Promise<Heartbeat> {
  return ((await browser.storage.session.get(keyOf(id)))[keyOf(id)] as Heartbeat | undefined) ?? NEVER;
}

/** @param shown it is the connection the pages show: they are told */
export async function writePulse(id: ConnectionId, pulse: Heartbeat, shown: boolean): Promise<void> {
  await Promise.all([browser.storage.session.set({ [keyOf(id)]: pulse }), shown && publish({ 'view.heartbeat': pulse })]);
}

export async function forgetPulse(id: ConnectionId): Promise<void> {
  await browser.storage.session.remove(keyOf(id));
}
