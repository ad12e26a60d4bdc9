/** A tenant that keeps the truth about skills: applies late, loses answers, refuses; and lives of a worker that write to it. */
import { vi } from 'vitest';
import type { Auth } from '../../../../src/auth/auth.ts';
import { type Batcher, createBatcher } from '../../../../src/background/batch.ts';
import type { BatchPlan } from '../../../../src/background/batch-plan.ts';
import type { Config } from '../../../../src/background/config.ts';
import type { Answer, CxonePort, Failure, WriteAnswer } from '../../../../src/cxone/port.ts';
import { SIGNED_OUT } from '../../../../src/domain/auth-status.ts';
import { type Connection, EMPTY_DRAFT, requiredScopes } from '../../../../src/domain/connection.ts';
import { DEFAULT_SETTINGS } from '../../../../src/domain/settings.ts';
import { type Held, sameHeld, type Wish } from '../../../../src/domain/skills/assignment.ts';
import type { AuditEntry } from '../../../../src/domain/skills/audit.ts';
import type { Batch, BatchRow } from '../../../../src/domain/skills/batch.ts';
import type { Published } from '../../../../src/messages/published.ts';
import { entriesBetween, headOf, verifyAudit } from '../../../../src/storage/audit-store.ts';
import { batchOf, rowsOf } from '../../../../src/storage/batch-store.ts';
import { authStatusItem, connectionsItem } from '../../../../src/storage/items.ts';
import { fake, fakeBrowser } from '../../support/fake-browser.ts';
import type { FakeLocks } from '../../support/fake-locks.ts';
import { failure, stubPort } from './stub-port.ts';

export const held = (level: number, day = 1): Held => ({
  level,
  availableFromAt: `2026-01-0${day}T08:00:00Z`,
  availableToAt: `2026-02-0${day}T17:00:00Z`,
  active: true,
});
export const wish = (userId: string, skillId: string, level: number): Wish & { line: number } => ({
  line: 0,
  userId,
  skillId,
  held: held(level),
});

/** What becomes of a write. `afterMs`: when it is applied, from its arrival; null: never. */
export interface Fate {
  afterMs: number | null;
  answer: 'applied' | 'lost' | 'timeout' | 409 | 429 | 401 | 403 | 404 | 422 | 200 | 500 | 503;
  detail?: string;
  notBeforeMs?: number;
}
/** What becomes of a question; null: it is answered. */
type Miss = Failure['outcome'] | null;

export interface Applied extends Wish {
  atMs: number;
}

export class SkillsTenant {
  readonly truth = new Map<string, Held | null>();
  /** Every write that arrived, and every one that took effect. */
  readonly arrived: (Wish & { atMs: number })[] = [];
  readonly applied: Applied[] = [];
  readonly asked: string[] = [];
  private pending: Applied[] = [];
  skills = ['billing', 'support', 'sales'];
  /** Who exists; null = everybody. */
  users: Set<string> | null = null;
  entitled = (_userId: string): boolean => true;
  organisationId = 'org';
  userOrganisation = (_userId: string): string => 'org';
  fate = (_wish: Wish): Fate => ({ afterMs: 0, answer: 'applied' });
  miss = (_question: string, _userId: string): Miss => null;
  performance: NonNullable<CxonePort['skills']['performance']> = async () => ({
    outcome: 'ok',
    performance: null,
    atMs: 0,
    requestId: '',
  });

  /** How far our clock has been put forward: the tenant's own goes on as before. */
  aheadMs = 0;
  nowMs = () => Date.now() - this.aheadMs;
  /** The id somebody is kept under, whatever he is asked for by. */
  agentIdOf = (id: string) => id;

  /** An id is the same in capitals. */
  key = (userId: string, skillId: string) => `${userId.toLowerCase()}\n${skillId}`;

  set(userId: string, skillId: string, value: Held | null): void {
    this.truth.set(this.key(userId, skillId), value);
  }
  get(userId: string, skillId: string): Held | null {
    this.settle();
    return this.truth.get(this.key(userId, skillId)) ?? null;
  }

  /** What was to take effect by now has. */
  settle(nowMs = this.nowMs()): void {
    const due = this.pending.filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs);
    this.pending = this.pending.filter(({ atMs }) => atMs > nowMs);
    for (const one of due) {
      this.set(one.userId, one.skillId, one.held);
      this.applied.push(one);
    }
  }

  port(): CxonePort {
    const note = <T>(question: string, userId: string, answer: () => T): Answer<T> => {
      this.asked.push(userId === '' ? question : `${question} ${userId}`);
      this.settle();
      const missed = this.miss(question, userId);
      if (missed)
        return failure(missed, {
          status: missed === 'offline' ? 0 : missed === 'forbidden' ? 403 : missed === 'rateLimited' ? 429 : 500,
        });
      return { outcome: 'ok', ...answer(), atMs: Date.now(), requestId: `r${this.asked.length}` };
    };
    const person = (agentId: string) => ({
      profile: { agentId: this.agentIdOf(agentId), name: '', team: '' },
      organisationId: this.userOrganisation(agentId),
      active: true,
      otherIds: [],
    });
    const exists = (userId: string) => this.users === null || this.users.has(userId);
    return {
      ...stubPort({ list: () => failure('serverError') }),
      me: async () => note('me', '', () => ({ me: { organisationId: this.organisationId, roles: [], permissions: [] } })),
      agent: async (_token, agentId) =>
        exists(agentId) ? note('agent', agentId, () => ({ person: person(agentId) })) : failure('serverError', { status: 404 }),
      directory: async (_token, page) =>
        note('directory', '', () => ({ people: page === 1 ? [...(this.users ?? [])].map(person) : [], more: false })),
      skills: {
        skills: async () =>
          note('skills', '', () => ({
            skills: this.skills.map((skillId) => ({ skillId, name: '', active: !skillId.startsWith('idle') })),
          })),
        assignments: async (_token, userId) =>
          note('assignments', userId, () => ({
            assignments: [...this.truth].flatMap(([key, value]) => {
              const [user = '', skillId = ''] = key.split('\n');
              return user === userId.toLowerCase() && value ? [{ userId, skillId, held: value }] : [];
            }),
          })),
        entitled: async (_token, userId) => note('entitled', userId, () => ({ entitled: this.entitled(userId) })),
        performance: (token, userId) => {
          this.asked.push(`performance ${userId}`);
          return this.performance(token, userId);
        },
        write: (_token, one) => this.write(one),
      },
    };
  }

  private async write(one: Wish): Promise<WriteAnswer> {
    const atMs = Date.now();
    this.arrived.push({ ...one, atMs });
    const { afterMs, answer, detail = '', notBeforeMs = 0 } = this.fate(one);
    if (afterMs !== null) this.pending.push({ ...one, atMs: this.nowMs() + afterMs });
    const requestId = `w${this.arrived.length}`;
    const failed = (outcome: 'unauthorized' | 'forbidden' | 'rateLimited', status: number) => ({
      ...failure(outcome, { status, detail, notBeforeMs, requestId }),
      outcome,
    });
    switch (answer) {
      case 'applied':
        return { outcome: 'applied', held: one.held, status: 200, requestId, atMs };
      case 'timeout':
        await new Promise((resolve) => setTimeout(resolve, 20_000));
        return { outcome: 'unclear', status: 0, detail: 'timeout', notBeforeMs: 0, requestId: '' };
      case 'lost':
        return { outcome: 'unclear', status: 0, detail: 'network', notBeforeMs: 0, requestId: '' };
      case 500:
      case 503:
        return { outcome: 'unclear', status: answer, detail, notBeforeMs, requestId };
      case 409:
        return { outcome: 'conflict', status: 409, detail, requestId };
      case 401:
        return failed('unauthorized', 401);
      case 403:
        return failed('forbidden', 403);
      case 429:
        return failed('rateLimited', 429);
      default:
        return { outcome: 'refused', status: answer, detail, requestId };
    }
  }
}

/** Everything a dead worker asks for is never answered. */
const NEVER = new Promise<never>(() => undefined);

export class SkillsWorld {
  readonly tenant = new SkillsTenant();
  /** The database outlives a test. */
  readonly batchId: string = crypto.randomUUID();
  readonly connection: Connection = {
    ...EMPTY_DRAFT,
    id: crypto.randomUUID(),
    issuer: 'https://id.example.com',
    apiBaseUrl: 'https://api.example.com',
    capabilities: ['watch', 'skills'],
  };
  config: Config = {
    connection: this.connection,
    settings: { ...DEFAULT_SETTINGS },
    locked: [],
    writes: { enabled: true, maxRows: 10_000 },
    active: true,
  };
  subject = 'anna';
  token = 't1';
  /** What asking for a token gives, where it is not the token. */
  refused: Awaited<ReturnType<Auth['accessToken']>> | null = null;
  renewals = 0;
  poll: Promise<void> = Promise.resolve();
  deliveries = 0;
  private life = { dead: false };
  batcher: Batcher = this.newLife();

  static async open(settleMs = 30_000): Promise<SkillsWorld> {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
    const world = new SkillsWorld();
    const { connection } = world;
    fake.granted.add('https://*/*');
    await connectionsItem.update(() => ({ activeId: connection.id, list: [connection] }));
    const scopes = requiredScopes(connection);
    await authStatusItem(connection.id).update(() => ({
      ...SIGNED_OUT,
      phase: 'signedIn',
      grantedScopes: scopes,
      effectiveScopes: scopes,
      organisationId: 'org',
    }));
    await fakeBrowser.storage.session.set({ 'demo.settleMs': settleMs });
    return world;
  }

  /** Another life of the worker over the same storage. */
  newLife(): Batcher {
    const life = { dead: false };
    this.life = life;
    const alive =
      <A extends unknown[], T>(call: (...args: A) => Promise<T>) =>
      (...args: A): Promise<T> =>
        life.dead ? NEVER : call(...args).then((value) => (life.dead ? NEVER : value));
    const port = this.tenant.port();
    const { skills } = port;
    const mortal: CxonePort = {
      ...port,
      me: alive(port.me),
      agent: alive(port.agent),
      directory: alive(port.directory),
      skills: {
        skills: alive(skills.skills),
        assignments: alive(skills.assignments),
        write: alive(skills.write),
        ...(skills.entitled && { entitled: alive(skills.entitled) }),
        ...(skills.performance && { performance: alive(skills.performance) }),
      },
    };
    const auth = {
      accessToken: alive<Parameters<Auth['accessToken']>, Awaited<ReturnType<Auth['accessToken']>>>(
        async (_connection, rejected) => {
          if (rejected) this.renewals++;
          if (this.refused) return this.refused;
          const access = {
            token: this.token,
            receivedMs: 0,
            expiresMs: 0,
            renewMs: 0,
            generation: 'g',
            forced: false,
            owner: '',
          };
          return { ok: true, access };
        },
      ),
      subject: alive(async () => this.subject),
    };
    this.batcher = createBatcher({
      auth,
      portOf: () => mortal,
      afterPoll: alive(() => this.poll),
      configOf: alive(async (id?: string) => (id === undefined || id === this.connection.id ? this.config : null)),
      deliveryOf: async () => ({ auditWaiting: 0, wfmWaiting: 0, deliveredMs: 0, problem: null, nextMs: 0 }),
      deliver: async () => void this.deliveries++,
    });
    return this.batcher;
  }

  /** The worker dies: what it waited for never comes, what it was writing down may or may not be there. */
  async kill(): Promise<void> {
    this.life.dead = true;
    const nowMs = Date.now();
    // It puts the clock back as well.
    vi.clearAllTimers();
    vi.setSystemTime(nowMs);
    (navigator.locks as unknown as FakeLocks).reset();
    await ticks();
    await fakeBrowser.storage.session.remove(['chaosStep', 'chaosReached']);
  }

  /** Killed, and started again. */
  async restart(): Promise<void> {
    await this.kill();
    this.newLife();
    await this.batcher.wake();
  }

  /** @param step '' = nowhere any more */
  async killAt(step: string): Promise<void> {
    await fakeBrowser.storage.session.set({ chaosStep: step });
  }
  async reached(): Promise<boolean> {
    return ((await fakeBrowser.storage.session.get('chaosReached')).chaosReached ?? '') !== '';
  }

  async batch(id = this.batchId): Promise<Batch> {
    const batch = await batchOf(id);
    if (!batch) throw new Error('no batch');
    return batch;
  }
  async rows(id = this.batchId): Promise<BatchRow[]> {
    return (await rowsOf(id)).rows;
  }
  async view(): Promise<Published['view.batch'] | undefined> {
    const text = (await fakeBrowser.storage.session.get('view.batch'))['view.batch'];
    return typeof text === 'string' ? (JSON.parse(text) as Published['view.batch']) : undefined;
  }
  async entries(): Promise<AuditEntry[]> {
    return entriesBetween(this.connection.id, 1, (await headOf(this.connection.id)).seq);
  }

  async plan(rows: BatchPlan['rows'], id = this.batchId): Promise<void> {
    await this.batcher.plan(this.config, { id, name: 'file.csv', undoOf: '', rows });
  }
  /** Planned, looked at, and confirmed. */
  async runAll(rows: (Wish & { line: number })[], id = this.batchId): Promise<void> {
    await this.plan(rows, id);
    await this.until(({ status }) => status === 'ready', id);
    await this.go(id);
  }
  async go(id = this.batchId): Promise<void> {
    await this.batcher.run(this.config, id, (await this.batch(id)).counts.states.planned);
  }

  /** Somebody puts our clock forward, or back. */
  jump(ms: number): void {
    vi.setSystemTime(Date.now() + ms);
    this.tenant.aheadMs += ms;
  }

  /** Lets time pass until the batch is so. */
  async until(holds: (batch: Batch) => boolean, id = this.batchId): Promise<Batch> {
    for (let turns = 0; turns < 3_000; turns++) {
      await ticks();
      const batch = await batchOf(id);
      if (batch && holds(batch) && !this.batcher.isBusy()) return batch;
      if (vi.getTimerCount() > 0) await vi.advanceTimersToNextTimerAsync();
      else if (fake.alarms.has('batch')) {
        vi.setSystemTime(Date.now() + 30_000);
        await this.batcher.wake();
      }
    }
    throw new Error(`never: ${JSON.stringify(await batchOf(id))}`);
  }
  /** Lets time pass until a named step is reached. @returns false: it never was, and the batch came to a rest */
  async untilReached(): Promise<boolean> {
    for (let turns = 0; turns < 500; turns++) {
      await ticks();
      if (await this.reached()) return true;
      if (vi.getTimerCount() === 0 && !this.batcher.isBusy()) return false;
      await vi.advanceTimersToNextTimerAsync();
    }
    throw new Error('neither reached nor at rest');
  }

  /** What the journal, the log and the tenant say is the same. @returns what does not fit */
  async mismatches(): Promise<string[]> {
    const found: string[] = [];
    this.tenant.settle(Number.POSITIVE_INFINITY);
    const rows = await this.rows();
    for (const row of rows) {
      const name = `${row.index} ${row.userId}/${row.skillId} ${row.state}`;
      const applied = this.tenant.applied.filter(({ userId, skillId }) => userId === row.userId && skillId === row.skillId);
      const real = this.tenant.get(row.userId, row.skillId);
      if (applied.length > 1) found.push(`${name}: applied ${applied.length} times`);
      // Somebody else may have changed it since.
      if (row.state === 'verified' && applied.length === 0 && !sameHeld(real, row.wish)) found.push(`${name}: missing`);
      if ((row.state === 'failed' || row.state === 'planned' || row.state === 'skipped') && applied.length > 0)
        found.push(`${name}: was applied`);
      if (row.state === 'sent') found.push(`${name}: not settled`);
    }
    const entries = await this.entries();
    const { brokenSeq, count } = await verifyAudit(this.connection.id);
    if (brokenSeq !== 0 || count !== entries.length) found.push(`chain broken at ${brokenSeq}`);
    for (const row of rows) {
      const mine = entries.filter((entry) => entry.row === row.index);
      const sends = mine.filter(({ action }) => action === 'send').length;
      const arrived = this.tenant.arrived.filter(
        ({ userId, skillId }) => userId === row.userId && skillId === row.skillId,
      ).length;
      // One that was written down and killed before it left is in the log, and settled by a read.
      if (arrived > sends) found.push(`row ${row.index}: ${arrived} arrived, ${sends} in the log`);
      const last = mine.findLast(({ action }) => action === 'outcome' || action === 'decide');
      if (row.state !== 'skipped' && row.state !== 'planned' && last?.result !== row.state)
        found.push(`row ${row.index}: ${row.state}, in the log ${last?.result}`);
    }
    return found;
  }
}

/** Lets everything that waits for nobody come to its end: time is not to pass while something is being written down. */
export async function ticks(): Promise<void> {
  do for (let tick = 0; tick < 40; tick++) await new Promise((resolve) => setImmediate(resolve));
  while ((await navigator.locks.query()).held?.some(({ name }) => !name?.startsWith('batch')));
}
