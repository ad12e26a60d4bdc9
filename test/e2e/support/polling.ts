/** Polls on demand, and what came of them. */
import type { Glance, Heartbeat } from '../../../src/messages/published.ts';
import type { Extension } from './extension.ts';

/** One poll, now, as by the alarm; returns the pulse it left. Rings again when another poll was still running and ours was dropped. */
export async function poll(extension: Extension): Promise<Heartbeat> {
  const before = (await extension.published('view.heartbeat'))?.askedMs ?? 0;
  let pulse: Heartbeat | null = null;
  for (let ring = 0; ring < 5 && !pulse; ring++) {
    await extension.ringAlarm('poll');
    pulse = await extension.untilPublished('view.heartbeat', ({ askedMs }) => askedMs > before, 4_000).catch(() => null);
  }
  if (!pulse) throw new Error(`No poll: ${JSON.stringify(await extension.published('view.heartbeat'))}`);
  return pulse;
}

/** Polls again and again until a glance is as wished: for what takes two polls, or the next after a fault. */
export async function pollUntil(extension: Extension, holds: (glance: Glance) => boolean, tries = 6): Promise<void> {
  for (let turn = 0; turn < tries; turn++) {
    await poll(extension);
    // What a poll brought is published after its pulse.
    if (await extension.untilPublished('view.glance', holds, 1_000).catch(() => null)) return;
  }
  throw new Error(`After ${tries} polls: ${JSON.stringify((await extension.published('view.glance'))?.problem)}`);
}

/** As if the last question for everybody were long ago: the next poll is no "what changed since". Of v2 each asks for everybody. */
export async function askForEverybody(extension: Extension): Promise<void> {
  await extension.outside(async () => {
    for (const [key, pulse] of Object.entries(await chrome.storage.session.get()))
      if (key.endsWith('/pulse')) await chrome.storage.session.set({ [key]: { ...(pulse as object), fullMs: 0 } });
  }, null);
}

/** POSTs to the tenant's control, as an experimenter beside it. */
export async function control<T = unknown>(
  tenant: { control: string },
  path: string,
  body?: unknown,
  method = body === undefined ? 'GET' : 'POST',
): Promise<T> {
  const init =
    body === undefined ? { method } : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${tenant.control}${path}`, init);
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
