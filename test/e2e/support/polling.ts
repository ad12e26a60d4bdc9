/** Polls on demand, and what came of them. */
import type { Heartbeat } from '../../../src/messages/published.ts';
import type { Extension } from './extension.ts';

/** One poll, now, as by the alarm; returns the pulse it left. */
export async function poll(extension: Extension): Promise<Heartbeat> {
  const before = (await extension.published('view.heartbeat'))?.askedMs ?? 0;
  await extension.ringAlarm('poll');
  return extension.untilPublished('view.heartbeat', ({ askedMs }) => askedMs > before);
}

/** Polls again and again until a glance is as wished: for what takes two polls, or the next after a fault. */
export async function pollUntil(extension: Extension, holds: (glance: NonNullable<Awaited<ReturnType<typeof glanceOf>>>) => boolean, tries = 5): Promise<void> {
  for (let turn = 0; turn < tries; turn++) {
    await poll(extension);
    const glance = await glanceOf(extension);
    if (glance && holds(glance)) return;
  }
  throw new Error(`After ${tries} polls: ${JSON.stringify((await glanceOf(extension))?.problem)}`);
}

function glanceOf(extension: Extension) {
  return extension.published('view.glance');
}

/** POSTs to the tenant's control, as an experimenter beside it. */
export async function control<T = unknown>(tenant: { control: string }, path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<T> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${tenant.control}${path}`, init);
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
