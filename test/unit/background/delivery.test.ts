import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Config } from '../../../src/background/config.ts';
import { createDeliverer, type Deliverer } from '../../../src/background/delivery.ts';
import { EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import type { AuditEntry } from '../../../src/domain/skills/audit.ts';
import type { Batch, BatchRow } from '../../../src/domain/skills/batch.ts';
import { emptyCounts } from '../../../src/domain/skills/counts.ts';
import { emptyMetrics } from '../../../src/domain/skills/metrics.ts';
import { append, headOf } from '../../../src/storage/audit-store.ts';
import { batchOf, keepBatch } from '../../../src/storage/batch-store.ts';
import { database } from '../../../src/storage/database.ts';
import { fake } from '../support/fake-browser.ts';
import { held } from './support/skills-tenant.ts';

interface Body {
  connection: { id: string; organisationId: string };
  entries: AuditEntry[];
  head: { seq: number; hash: string };
  batch: { id: string };
  rows: unknown[];
}

let config: Config;
let deliverer: Deliverer;
let posts: { url: string; body: Body; headers: Record<string, string> }[];
let answer: () => Response | Promise<Response>;
const changed = vi.fn(async () => undefined);

beforeEach(() => {
  config = {
    connection: { ...EMPTY_DRAFT, id: crypto.randomUUID() },
    settings: { ...DEFAULT_SETTINGS, auditUrl: 'https://siem.example.com/in', wfmUrl: 'https://wfm.example.com/plan' },
    locked: [],
    writes: { enabled: true, maxRows: 10 },
    active: true,
  };
  posts = [];
  answer = () => new Response('{}', { status: 200 });
  fake.granted.add('https://siem.example.com/*').add('https://wfm.example.com/*');
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    posts.push({ url, body: JSON.parse(String(init.body)) as Body, headers: init.headers as Record<string, string> });
    return answer();
  });
  newLife();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function newLife(): void {
  deliverer = createDeliverer({
    configs: async () => [config],
    async delivered(batchId, updatedMs, wfmSentMs) {
      const batch = await batchOf(batchId);
      if (batch?.updatedMs === updatedMs) await keepBatch({ ...batch, wfmSentMs }, [], []);
    },
    changed,
  });
}
const id = () => config.connection.id;
const logged = (count: number) =>
  append(id(), {
    drafts: Array.from({ length: count }, (_, row) => ({
      at: '2026-01-01T00:00:00.000Z',
      actor: 'anna',
      tenant: 'org',
      batchId: 'b',
      row,
      userId: 'u',
      skillId: 's',
      action: 'send' as const,
      before: null,
      after: null,
      result: 'sent',
      status: 0,
      requestId: '',
      version: '1',
    })),
    put: () => [],
    wanted: () => true,
  });
const planned = async (more: Partial<Batch> = {}) => {
  const batchId = crypto.randomUUID();
  const row: BatchRow = {
    batchId,
    index: 0,
    line: 2,
    userId: 'u1',
    skillId: 'billing',
    wish: held(4),
    before: null,
    diff: 'new',
    refusals: [],
    suggestion: null,
    state: 'verified',
    attempts: 1,
    rounds: 0,
    cutOff: 0,
    sentMs: 0,
    theirs: null,
    problem: null,
    status: 200,
    detail: '',
    requestId: '',
  };
  const counts = emptyCounts(3);
  counts.states.verified = 1;
  const batch: Batch = {
    id: batchId,
    name: 'file.csv',
    target: { connectionId: id(), profile: 'v2', issuer: '', apiBaseUrl: '', organisationId: 'org', actor: 'anna' },
    createdMs: 1,
    updatedMs: 1,
    status: 'done',
    confirmed: true,
    pause: null,
    detail: '',
    notBeforeMs: 0,
    counts,
    undoOf: '',
    ranMs: 0,
    metrics: emptyMetrics(),
    wfmSentMs: 0,
    ...more,
  };
  await keepBatch(batch, [row, { ...row, index: 1, state: 'failed' }, { ...row, index: 2, state: 'unknown' }], []);
  return batchId;
};
const seqs = () => posts.flatMap(({ body }) => (body.entries ?? []).map(({ seq }) => seq));

describe('sending on', () => {
  it('delivers every entry once, in order, a hundred at a time, with the head', async () => {
    await logged(250);
    await Promise.all([deliverer.deliver(), deliverer.deliver(id())]);
    expect(posts.map(({ body }) => body.entries.length)).toEqual([100, 100, 50]);
    expect(seqs()).toEqual(Array.from({ length: 250 }, (_, at) => at + 1));
    const head = await headOf(id());
    expect(posts.at(-1)?.body).toMatchObject({ head: { seq: 250, hash: head.hash }, connection: { id: id() } });
    expect(head.deliveredSeq).toBe(250);
    await logged(1);
    newLife();
    await deliverer.deliver();
    expect(seqs().at(-1)).toBe(251);
    expect(seqs()).toHaveLength(251);
    expect(await deliverer.statusOf(id())).toMatchObject({ auditWaiting: 0, wfmWaiting: 0, problem: null, nextMs: 0 });
  });

  it('sends no token, and nothing to any other address', async () => {
    await logged(1);
    await planned();
    await deliverer.deliver();
    expect(posts.map(({ url }) => url)).toEqual(['https://siem.example.com/in', 'https://wfm.example.com/plan']);
    expect(posts.map(({ headers }) => headers)).toEqual([
      { 'content-type': 'application/json' },
      { 'content-type': 'application/json' },
    ]);
  });

  it('delivers verified rows of a batch that is done, once', async () => {
    const batchId = await planned();
    await planned({ status: 'paused' });
    expect((await deliverer.statusOf(id())).wfmWaiting).toBe(1);
    await deliverer.deliver();
    await deliverer.deliver();
    expect(posts).toHaveLength(1);
    const { availableFromAt, availableToAt } = held(4);
    expect(posts[0]?.body).toMatchObject({
      batch: { id: batchId },
      rows: [{ userId: 'u1', skillId: 'billing', level: 4, availableFrom: availableFromAt, availableTo: availableToAt }],
    });
    expect((await deliverer.statusOf(id())).deliveredMs).toBeGreaterThan(0);
    await deliverer.deliverBatch(config, batchId);
    expect(posts).toHaveLength(2);
  });

  it.each([
    ['skills_delivery_noAnswer', () => Promise.reject(new TypeError('network'))],
    ['skills_delivery_refused', () => new Response('', { status: 500 })],
    ['skills_delivery_refused', () => new Response('', { status: 401 })],
  ] as const)('%s is told, waited out and tried again, in order', async (key, failing) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await logged(150);
    answer = () => (posts.length === 2 ? failing() : new Response(null, { status: 204 }));
    await deliverer.deliver();
    const { problem, nextMs, auditWaiting } = await deliverer.statusOf(id());
    expect(problem?.key).toBe(key);
    expect(problem?.params[0]).toBe('siem.example.com');
    expect(auditWaiting).toBe(50);
    expect(nextMs - Date.now()).toBeGreaterThanOrEqual(30_000);
    expect(fake.alarms.get('deliver')?.scheduledTime).toBe(nextMs);
    // Not before its time, in this life and the next.
    await deliverer.deliver();
    newLife();
    await deliverer.deliver();
    expect(posts).toHaveLength(2);
    vi.setSystemTime(nextMs);
    await deliverer.deliver();
    // What was not taken comes again, and in the order it has.
    const whole = Array.from({ length: 150 }, (_, at) => at + 1);
    expect(seqs()).toEqual([...whole, ...whole.slice(100)]);
    expect(await deliverer.statusOf(id())).toMatchObject({ auditWaiting: 0, problem: null });
  });

  it('waits longer each time, and as long as it is told to', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await logged(1);
    answer = () => new Response('', { status: 503 });
    const waits: number[] = [];
    for (let turn = 0; turn < 12; turn++) {
      await deliverer.deliver();
      const { nextMs } = await deliverer.statusOf(id());
      waits.push(nextMs - Date.now());
      vi.setSystemTime(nextMs);
    }
    expect(waits[0]).toBeLessThanOrEqual(37_500);
    expect(waits[3]).toBeGreaterThanOrEqual(8 * 30_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(15 * 60_000);
    answer = () => new Response('', { status: 429, headers: { 'retry-after': '900' } });
    await deliverer.again();
    expect((await deliverer.statusOf(id())).nextMs - Date.now()).toBeGreaterThanOrEqual(900_000);
  });

  it('goes nowhere any more from the moment the address is taken away, and to the new one where there is one', async () => {
    await logged(250);
    await planned();
    answer = () => {
      config = { ...config, settings: { ...config.settings, auditUrl: 'https://other.example.com/in', wfmUrl: '' } };
      return new Response(null, { status: 204 });
    };
    fake.granted.add('https://other.example.com/*');
    await deliverer.deliver();
    expect(posts.map(({ url }) => url)).toEqual([
      'https://siem.example.com/in',
      'https://other.example.com/in',
      'https://other.example.com/in',
    ]);
    expect(seqs()).toEqual(Array.from({ length: 250 }, (_, at) => at + 1));
    await logged(150);
    posts.length = 0;
    answer = () => {
      config = { ...config, settings: { ...config.settings, auditUrl: '' } };
      return new Response(null, { status: 204 });
    };
    await deliverer.deliver();
    expect(posts).toHaveLength(1);
  });

  it('leaves out what nobody can read, tells of it, and is not held up by it', async () => {
    await logged(250);
    const db = await database();
    await db.put('audit', '{"seq":120,"ac', [id(), 120]);
    await db.delete('audit', [id(), 121]);
    await deliverer.deliver();
    expect(seqs()).toEqual(Array.from({ length: 250 }, (_, at) => at + 1).filter((seq) => seq !== 120 && seq !== 121));
    const gap = { key: 'skills_delivery_gap', params: ['120'] };
    expect(await deliverer.statusOf(id())).toMatchObject({ auditWaiting: 0, problem: gap, nextMs: 0 });
    // What keeps the rest from arriving matters more.
    await logged(1);
    answer = () => new Response('', { status: 500 });
    await deliverer.deliver();
    expect((await deliverer.statusOf(id())).problem?.key).toBe('skills_delivery_refused');
  });

  it('tells of a gap at the end of the log too', async () => {
    await logged(3);
    const db = await database();
    for (const seq of [1, 2, 3]) await db.put('audit', 'nothing', [id(), seq]);
    await deliverer.deliver();
    expect(posts).toHaveLength(0);
    expect(await deliverer.statusOf(id())).toMatchObject({
      auditWaiting: 0,
      problem: { key: 'skills_delivery_gap', params: ['1'] },
    });
    await logged(1);
    await deliverer.deliver();
    expect(seqs()).toEqual([4]);
    expect((await deliverer.statusOf(id())).problem?.key).toBe('skills_delivery_gap');
  });

  it('delivers no plan that lacks damaged rows unseen; others are not held up by it', async () => {
    const damaged = await planned();
    const db = await database();
    const record = await db.get('batchRows', [damaged, 0]);
    if (!record) throw new Error('no row');
    await db.put('batchRows', { ...record, row: record.row.replace('"level":4', '"level":5') }, [damaged, 0]);
    const whole = await planned({ createdMs: 2 });
    await deliverer.deliver();
    expect(posts.map(({ body }) => body.batch.id)).toEqual([whole]);
    expect(await deliverer.statusOf(id())).toMatchObject({ wfmWaiting: 1, problem: { key: 'skills_delivery_damaged' } });
    await expect(deliverer.deliverBatch(config, damaged)).rejects.toMatchObject({
      error: { message: expect.stringContaining('damaged') },
    });
    expect(posts).toHaveLength(1);
  });

  it('asks for host access in words, and sends when it has it', async () => {
    await logged(1);
    fake.granted.clear();
    await deliverer.deliver();
    expect(posts).toHaveLength(0);
    expect((await deliverer.statusOf(id())).problem).toEqual({ key: 'skills_delivery_hostAccess', params: ['siem.example.com'] });
    fake.granted.add('https://siem.example.com/*');
    await deliverer.again();
    expect(seqs()).toEqual([1]);
  });

  it('goes nowhere without an address, nor to one that is not secure', async () => {
    await logged(1);
    await planned();
    config = { ...config, settings: { ...config.settings, auditUrl: '', wfmUrl: '' } };
    await deliverer.deliver();
    expect(await deliverer.statusOf(id())).toMatchObject({ auditWaiting: 0, wfmWaiting: 0, problem: null });
    config = { ...config, settings: { ...config.settings, auditUrl: 'http://siem.example.com/in' } };
    await deliverer.deliver();
    expect((await deliverer.statusOf(id())).problem?.key).toBe('skills_delivery_address');
    expect(posts).toHaveLength(0);
  });

  it('by hand is refused in words when it cannot be done', async () => {
    const batchId = await planned();
    answer = () => new Response('', { status: 500 });
    await expect(deliverer.deliverBatch(config, batchId)).rejects.toMatchObject({ error: { code: 'failed' } });
    await expect(deliverer.deliverBatch(config, 'other')).rejects.toMatchObject({ error: { code: 'invalid' } });
    config = { ...config, settings: { ...config.settings, wfmUrl: '' } };
    await expect(deliverer.deliverBatch(config, batchId)).rejects.toMatchObject({ error: { code: 'invalid' } });
  });
});
