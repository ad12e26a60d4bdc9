/** Names of all alarms, in one place. */
import type { ConnectionId } from '../domain/connection.ts';

export const ALARMS = { poll: 'poll', daily: 'daily', history: 'history', batch: 'batch', deliver: 'deliver' } as const;

/** Each connection is polled by an alarm of its own, so that they are spread in time; the one shown has the plain name. */
export function pollAlarm(id: ConnectionId, active: boolean): string {
  return active ? ALARMS.poll : `${ALARMS.poll}:${id}`;
}

/** Whose poll is due: the id of a connection, `undefined` for the one shown; null when it is another alarm. */
export function connectionOfAlarm(name: string): ConnectionId | undefined | null {
  if (name === ALARMS.poll) return undefined;
  return name.startsWith(`${ALARMS.poll}:`) ? name.slice(ALARMS.poll.length + 1) : null;
}
