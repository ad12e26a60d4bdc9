/**
 * Sending on: entries of the audit log to a SIEM, verified rows to workforce management (seed 003). The log is the queue: what has been delivered is
 * marked, everything else is tried again, in order; an answer that was lost means that some arrive twice. No token goes there, and no name.
 */
import browser from 'webextension-polyfill';
import { createExchange } from '../cxone/http.ts';
import type { ConnectionId } from '../domain/connection.ts';
import { hostOf, isAllowedAddress } from '../domain/connection-hosts.ts';
import { retryAfterMs } from '../domain/retry-after.ts';
import type { Batch } from '../domain/skills/batch.ts';
import { wfmRows } from '../domain/skills/wfm.ts';
import type { DeliveryStatus } from '../messages/published.ts';
import { entriesBetween, headOf, markDelivered } from '../storage/audit-store.ts';
import { batchesOf, batchOf, rowsIn } from '../storage/batch-store.ts';
import { authStatusItem, deliveryItem } from '../storage/items.ts';
import { log } from '../storage/log.ts';
import { ALARMS } from './alarms.ts';
import type { Config } from './config.ts';
import { Refusal } from './router.ts';

/** Entries of a request. */
const ENTRIES = 100;
/** After the first failure, and doubled with each; spread a little, so that not all browsers of a floor come back at once. */
const AGAIN_MS = 30_000;
const AGAIN_MAX_MS = 15 * 60_000;
const MAX_FAILURES = 20;

/** Why something did not arrive, and until when the endpoint wants to be left alone (epoch ms; 0 = it did not say). */
interface Undelivered {
  problem: { key: string; params: string[] };
  notBeforeMs: number;
}

export interface Deliverer {
  /** Sends on what waits, of one connection or of all; unless it is to wait. */
  deliver(id?: ConnectionId): Promise<void>;
  /** Sends the verified rows of a batch now, also again. Refused with words when they cannot be delivered. */
  deliverBatch(config: Config, batchId: string): Promise<void>;
  /** How it stands. */
  statusOf(id: ConnectionId): Promise<DeliveryStatus>;
  /** Where to, or whether it may be reached, has changed: tried at once. */
  again(): Promise<void>;
}

export interface DelivererDeps {
  configs(): Promise<Config[]>;
  /** Writes down that a batch was delivered. @param updatedMs as it was when its rows were read */
  delivered(batchId: string, updatedMs: number, wfmSentMs: number): Promise<void>;
  /** What is shown of sending on has changed. */
  changed(): Promise<void>;
}

export function createDeliverer({ configs, delivered, changed }: DelivererDeps): Deliverer {
  /** One round at a time for a connection; who comes meanwhile has it look once more. */
  const rounds = new Map<ConnectionId, { again: boolean }>();

  async function deliver(id?: ConnectionId): Promise<void> {
    for (const { connection } of await configs()) if (id === undefined || connection.id === id) await round(connection.id);
  }

  /** As it is now: before every request, as an address may be taken away meanwhile. */
  const configOf = async (id: ConnectionId) => (await configs()).find(({ connection }) => connection.id === id);

  async function round(id: ConnectionId): Promise<void> {
    const under = rounds.get(id);
    if (under) {
      under.again = true;
      return;
    }
    const mine = { again: true };
    rounds.set(id, mine);
    try {
      while (mine.again) {
        mine.again = false;
        await sendAll(id);
      }
    } finally {
      rounds.delete(id);
    }
  }

  async function sendAll(id: ConnectionId): Promise<void> {
    const { auditUrl = '', wfmUrl = '' } = (await configOf(id))?.settings ?? {};
    if (auditUrl === '' && wfmUrl === '') return;
    const { nextMs } = await deliveryItem(id).get();
    const nowMs = Date.now();
    // A mark further ahead than it can have been set comes from a clock that was put back.
    if (nowMs < nextMs && nextMs <= nowMs + AGAIN_MAX_MS) return ring(nextMs);
    const missed = (await sendAudit(id)) ?? (await sendBatches(id));
    if (missed) await notDelivered(id, missed);
    else
      await deliveryItem(id).update((state) =>
        state.failures === 0 ? state : { ...NOTHING, problem: state.problem?.key === GAP ? state.problem : null },
      );
    await changed();
  }

  async function sendAudit(id: ConnectionId): Promise<Undelivered | null> {
    for (;;) {
      const head = await headOf(id);
      const config = await configOf(id);
      const from = Math.max(head.deliveredSeq, head.prunedSeq) + 1;
      const to = Math.min(head.seq, from + ENTRIES - 1);
      if (!config?.settings.auditUrl || from > to) return null;
      const entries = (await entriesBetween(id, from, to)).filter(({ hash }) => hash !== '');
      const { seq, hash } = head;
      const body = { connection: await whose(config), entries, head: { seq, hash } };
      const missed = entries.length > 0 ? await post(config.settings.auditUrl, body) : null;
      if (missed) return missed;
      // The rest is not held up by what nobody can read; but it is told.
      const at = entries.findIndex((entry, place) => entry.seq !== from + place);
      const gap = from + (at === -1 ? entries.length : at);
      if (gap <= to) await deliveryItem(id).update((state) => ({ ...state, problem: { key: GAP, params: [String(gap)] } }));
      await markDelivered(id, to, Date.now());
    }
  }

  async function sendBatches(id: ConnectionId): Promise<Undelivered | null> {
    let damaged: Undelivered | null = null;
    for (const batch of (await batchesOf(id)).reverse()) {
      const missed = waitsForWfm(batch) ? await sendBatch(id, batch) : null;
      if (missed && missed.problem.key !== DAMAGED) return missed;
      damaged ??= missed;
    }
    return damaged;
  }

  async function sendBatch(id: ConnectionId, { id: batchId, updatedMs, counts }: Batch): Promise<Undelivered | null> {
    const config = await configOf(id);
    if (!config?.settings.wfmUrl) return null;
    const nowMs = Date.now();
    const { rows } = await rowsIn(batchId, ['verified']);
    // A plan that lacks rows unseen is worse than none.
    if (rows.length < counts.states.verified) return { problem: { key: DAMAGED, params: [] }, notBeforeMs: 0 };
    const body = { connection: await whose(config), batch: { id: batchId }, rows: wfmRows(rows, nowMs) };
    const missed = await post(config.settings.wfmUrl, body);
    if (!missed) await delivered(batchId, updatedMs, nowMs);
    return missed;
  }

  async function notDelivered(id: ConnectionId, { problem, notBeforeMs }: Undelivered): Promise<void> {
    const { nextMs } = await deliveryItem(id).update((state) => {
      const failures = Math.min(state.failures + 1, MAX_FAILURES);
      const waitMs = Math.min(AGAIN_MS * 2 ** (failures - 1), AGAIN_MAX_MS / 1.25) * (1 + Math.random() / 4);
      return { problem, failures, nextMs: Math.ceil(Math.max(notBeforeMs, Date.now() + waitMs)) };
    });
    await log('not-delivered', { connection: id, failure: problem.key });
    await ring(nextMs);
  }

  return {
    deliver,
    async deliverBatch(config, batchId) {
      const batch = await batchOf(batchId);
      if (batch?.target.connectionId !== config.connection.id) throw new Refusal('invalid', 'error_batchGone');
      if (config.settings.wfmUrl === '') throw new Refusal('invalid', 'error_noWfm');
      const missed = await sendBatch(config.connection.id, batch);
      await changed();
      if (missed) throw new Refusal('failed', missed.problem.key === DAMAGED ? 'error_batchDamaged' : 'error_notDelivered');
    },
    async statusOf(id) {
      const config = (await configs()).find(({ connection }) => connection.id === id);
      const [head, batches, state] = await Promise.all([headOf(id), batchesOf(id), deliveryItem(id).get()]);
      const { auditUrl = '', wfmUrl = '' } = config?.settings ?? {};
      const wfmWaiting = wfmUrl === '' ? 0 : batches.filter(waitsForWfm).length;
      const auditWaiting = auditUrl === '' ? 0 : head.seq - Math.max(head.deliveredSeq, head.prunedSeq);
      const waits = wfmWaiting + auditWaiting > 0;
      return {
        auditWaiting,
        wfmWaiting,
        deliveredMs: Math.max(head.deliveredMs, ...batches.map(({ wfmSentMs }) => wfmSentMs)),
        problem: waits || state.nextMs === 0 ? state.problem : null,
        nextMs: waits ? state.nextMs : 0,
      };
    },
    async again() {
      for (const { connection } of await configs()) await deliveryItem(connection.id).update(() => NOTHING);
      await deliver();
    },
  };
}

/** What is kept here is not as it was written. */
const GAP = 'skills_delivery_gap';
const DAMAGED = 'skills_delivery_damaged';
const NOTHING = { problem: null, failures: 0, nextMs: 0 };

/** It is done, and its verified rows have not been delivered. */
export const waitsForWfm = ({ status, wfmSentMs, counts }: Batch) =>
  status === 'done' && wfmSentMs === 0 && counts.states.verified > 0;

async function ring(nextMs: number): Promise<void> {
  const alarm = await browser.alarms.get(ALARMS.deliver);
  if (!alarm || alarm.scheduledTime > nextMs || alarm.scheduledTime < Date.now())
    await browser.alarms.create(ALARMS.deliver, { when: nextMs });
}

/** Which tenant this is about: a SIEM hears of several. */
async function whose({ connection: { id, profile, issuer } }: Config) {
  const { organisationId } = await authStatusItem(id).get();
  return { id, profile, issuer, organisationId };
}

/** One POST of JSON, to this address alone. Null: it has arrived. */
async function post(url: string, body: object): Promise<Undelivered | null> {
  const missed = (key: string, params: string[] = [], notBeforeMs = 0) => ({ problem: { key, params }, notBeforeMs });
  if (!isAllowedAddress(url, __DEMO__)) return missed('skills_delivery_address');
  const { origin } = new URL(url);
  const host = hostOf(origin);
  if (!(await browser.permissions.contains({ origins: [`${origin}/*`] }))) return missed('skills_delivery_hostAccess', [host]);
  try {
    const headers = { 'content-type': 'application/json' };
    const answer = await createExchange(() => [origin])(url, { method: 'POST', headers, body: JSON.stringify(body) });
    if (answer.status >= 200 && answer.status < 300) return null;
    const nowMs = Date.now();
    const waitMs = retryAfterMs(answer.headers.get('retry-after'), answer.headers.get('date'), nowMs);
    return missed('skills_delivery_refused', [host, String(answer.status)], waitMs === null ? 0 : nowMs + waitMs);
  } catch {
    return missed('skills_delivery_noAnswer', [host]);
  }
}
