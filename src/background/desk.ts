/** The tenant's reasons and teams: asked for once a day, with the names of agents, and like them sealed, and gone with them at sign-out. */
import type { CxonePort } from '../cxone/port.ts';
import type { ConnectionId } from '../domain/connection.ts';
import type { Desk } from '../domain/desk.ts';
import { sealed } from '../storage/sealed.ts';

interface Kept extends Desk {
  /** Not asked again before then. */
  dueMs: number;
}

const DAY_MS = 24 * 3_600_000;
const RETRY_MS = 15 * 60_000;

const store = (id: ConnectionId) => sealed<Kept>(`${id}/desk`);
const locked = (id: ConnectionId, work: () => Promise<unknown>) => navigator.locks.request(`desk:${id}`, work);

/** Empty where nothing is known, or can be read. */
export async function loadDesk(id: ConnectionId): Promise<Kept> {
  const read = await store(id)
    .read()
    .catch(() => 'unreadable' as const);
  return typeof read === 'string' ? { reasons: [], teams: [], dueMs: 0 } : read.value;
}

/** The tenant's own reasons by code, for rows that give the code alone. */
export async function reasonNames(id: ConnectionId): Promise<ReadonlyMap<string, string>> {
  return new Map((await loadDesk(id)).reasons.map((reason) => [reason.id, reason.name]));
}

/**
 * Asks the tenant where that is due and its API has such lists.
 * @param isCurrent the directory's fence, from before the connection and its token were looked up
 */
export async function refreshDesk(
  id: ConnectionId,
  port: CxonePort,
  accessToken: string,
  isCurrent: () => boolean,
): Promise<void> {
  if (!port.reasons || !port.teams) return;
  const { reasons, teams, dueMs } = await loadDesk(id);
  const nowMs = Date.now();
  // A time further ahead than it can have been set comes from a clock that was put back.
  if (nowMs < dueMs && dueMs <= nowMs + DAY_MS) return;
  const answers = await Promise.all([port.reasons(accessToken), port.teams(accessToken)]);
  // Not there in this version, or not this person's to see: that is an answer, and tomorrow's may be another.
  const answered = answers.every((each) => each.outcome === 'ok' || each.status === 403 || each.status === 404);
  const [codes, groups] = answers;
  const next = {
    reasons: 'reasons' in codes ? codes.reasons : reasons,
    teams: 'teams' in groups ? groups.teams : teams,
    dueMs: nowMs + (answered ? DAY_MS : RETRY_MS),
  };
  await locked(id, async () => isCurrent() && store(id).write(next, '', null));
}

/** After the directory's fence has closed: an answer to a question of before is not kept. */
export async function forgetDesk(id: ConnectionId): Promise<void> {
  await locked(id, () => store(id).erase());
}
