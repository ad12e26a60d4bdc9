/**
 * The worker is killed while it checks and writes batches of skills, at a tenant that applies late, refuses, falls silent and is changed by others
 * meanwhile. Afterwards nothing may have been applied twice, nothing be missing, and journal, audit log and tenant must say the same.
 */
import type { Page } from '@playwright/test';
import type { AuditEntry } from '../../src/domain/skills/audit.ts';
import type { Batch, BatchRow } from '../../src/domain/skills/batch.ts';
import type { MessageType, Reply, Request } from '../../src/messages/contract.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { judge } from './batch-oracle.ts';
import { meddle, rowCount, troubles, type WishedRow, wishes } from './batch-plan.ts';
import { Plan } from './plan.ts';
import { Report, Trace } from './report.ts';
import { PATIENCE_MS, Random, Rig, sleep, within } from './rig.ts';

/** Within the message that begins it, and after the last row. */
const ENDS = ['batch:planned', 'batch:began', 'batch:done'];
/** Of the dry run. */
const CHECK_STEPS = ['batch:checking', 'batch:looked', 'batch:checked'];
const RUN_STEPS = [
  'batch:looked',
  'batch:sent',
  'batch:answered',
  'batch:settled',
  'batch:readBack',
  'batch:audited',
  'batch:verified',
];
/** Only after a kill that left a row `sent`. */
const AFTER_A_KILL = new Set(['batch:settled', 'batch:readBack']);
/** The tenant applies after up to 20 s, and the product waits 30 s: both are this much shorter here. */
const SCALE = 0.01;
const SETTLE_MS = 30_000 * SCALE;
/** What a busy machine adds to that, which is not shorter here. */
const ALLOWANCE_MS = 250;
const AGENTS = 200;
/** Both profiles take turns, a browser each. */
const KILLS_PER_BROWSER = 50;
const KILLS_PER_BATCH = 12;
/** A step that is not reached by then is not on the way any more. */
const STEP_WITHIN_MS = 2_500;
/** `unknown` is allowed for so many of all rows. */
const UNKNOWN_SHARE = 0.005;
const PAGE_ROWS = 20_000;

export interface BatchOptions {
  kills: number;
  seed: number;
  build: string;
  /** How long the product waits before it reads back, ms; null: as long as it must. */
  settleMs: number | null;
}

interface Seat {
  rig: Rig;
  /** A tab of the console. */
  page: Page;
  killsAtLaunch: number;
}

export async function batchCampaign({ kills, seed, build, settleMs }: BatchOptions): Promise<boolean> {
  const report = new Report(
    'batch',
    seed,
    kills,
    'batches',
    'rows',
    'missing',
    'mismatched',
    'unconfirmed',
    'unknown',
    'resent',
    'notReached',
  );
  report.expectSteps([...new Set([...CHECK_STEPS, ...RUN_STEPS, ...ENDS])]);
  report.mustBeZero('missing', 'mismatched', 'unconfirmed', 'resent');
  report.mustBeFew('unknown', 'rows', UNKNOWN_SHARE);
  const settled = settleMs ?? SETTLE_MS + ALLOWANCE_MS;
  await new Campaign(report, build, new Random(seed), settled).run(kills);
  return report.end();
}

class Campaign {
  private seat: Seat | null = null;
  private readonly checkPlan: Plan;
  private readonly runPlan: Plan;
  private launches = 0;

  constructor(
    private readonly report: Report,
    private readonly build: string,
    private readonly random: Random,
    private readonly settleMs: number,
  ) {
    this.checkPlan = new Plan(CHECK_STEPS, random);
    this.runPlan = new Plan(RUN_STEPS, random);
  }

  async run(kills: number): Promise<void> {
    const { report } = this;
    for (let turn = 0; report.of('kills') < kills && turn < kills + 10 && !report.hopeless; turn++) {
      const trace = new Trace();
      const title = `batch ${turn}`;
      try {
        const seat = await this.ready();
        await within(PATIENCE_MS * 8, this.iterate(seat, Math.min(KILLS_PER_BATCH, kills - report.of('kills')), title, trace));
      } catch (error) {
        report.fail('harness', error instanceof Error ? error.message : String(error), title, trace);
        await this.drop();
      }
      report.progress();
    }
    await this.drop();
  }

  private async drop(): Promise<void> {
    const { seat } = this;
    this.seat = null;
    await seat?.rig.close();
  }

  private async ready(): Promise<Seat> {
    if (this.seat && this.report.of('kills') - this.seat.killsAtLaunch < KILLS_PER_BROWSER) return this.seat;
    await this.drop();
    const profile = this.launches++ % 2 === 0 ? 'v2' : 'public';
    const rig = await Rig.open(this.build, { agents: AGENTS, seed: this.random.int(1e6), profile }, false);
    const seat = { rig, page: await rig.extension.openConsole(), killsAtLaunch: this.report.of('kills') };
    this.seat = seat;
    if (!(await rig.signInByClick(({ phase }) => phase === 'signedIn'))) throw new Error('Signing in did not work.');
    await rig.extension.outside((ms) => chrome.storage.session.set({ 'demo.settleMs': ms }), this.settleMs);
    await say(seat, 'useCapability', { capability: 'skills', on: true });
    const has = async () => (await rig.extension.published('view.glance'))?.connection?.skills.on ?? false;
    const end = Date.now() + PATIENCE_MS;
    while (!(await has()) && Date.now() < end) await rig.answerWindowsUntil(({ phase }) => phase !== 'signingIn');
    if (!(await has())) throw new Error('The capability could not be switched on.');
    return seat;
  }

  private async iterate(seat: Seat, kills: number, title: string, trace: Trace): Promise<void> {
    const { random, report } = this;
    const { rig } = seat;
    const { tenant } = rig;
    tenant.faults.clear();
    await pendingOver(tenant);
    const id = crypto.randomUUID();
    const rows = wishes(tenant, rowCount(random), random);
    trace.note(`${tenant.profile}, ${rows.length} rows, ${kills} kills`);
    const { logEnd } = rig;
    const fail = async (verdict: string, why: string) => {
      trace.requests(tenant.log.since(logEnd).slice(-40));
      for (const line of await rig.probe.log(8)) trace.note(line);
      report.fail(verdict, why, title, trace);
      await this.drop();
    };

    const kill = (share: number) => random.chance(share);
    let mark = await this.markOf(seat, id);
    const plan = () => say(seat, 'planBatch', { id, name: title, rows });
    if (kill(0.3)) await this.killAt(seat, 'batch:planned', plan, trace);
    await plan();
    const first = random.int(1 + Math.floor(kills / 3));
    await this.kills(seat, id, first, this.checkPlan, ['checking'], trace);
    let batch = await this.goneOn(seat, id, ['ready', 'running', 'done'], trace);
    const early = tenant.ledger.writesSince(mark.write).length;
    if (early > 0 || (batch && batch.status !== 'ready'))
      return fail('unconfirmed', `${early} rows were written that nobody has confirmed`);
    if (!batch) return fail('stuck', 'the dry run does not end');
    trace.note(`ready: ${JSON.stringify(batch.counts.diffs)}`);

    // What others do between dry run and run is theirs, and no concern of the comparison.
    const met = meddle(tenant, rows, random.chance(0.5) ? 0.03 : 0, random);
    for (const fault of troubles(tenant, random, SCALE)) tenant.faults.arm(fault);
    trace.note(
      `${met} changed by others; ${tenant.faults
        .list()
        .map(({ spec }) => JSON.stringify(spec))
        .join(' ')}`,
    );
    report.count('batches');
    report.count('rows', batch.counts.states.planned);
    mark = await this.markOf(seat, id);
    const { planned } = batch.counts.states;
    const run = () => say(seat, 'runBatch', { batchId: id, rows: planned });
    if (kill(0.3)) await this.killAt(seat, 'batch:began', run, trace);
    await run();
    await this.kills(seat, id, kills - first, this.runPlan, ['running', 'waiting'], trace);
    if (kill(0.3)) await this.killAt(seat, 'batch:done', () => this.goneOn(seat, id, ['done'], trace), trace);
    batch = await this.goneOn(seat, id, ['done'], trace);
    if (!batch) return fail('stuck', 'the batch does not end');
    mark = await this.compare(seat, id, rows, mark, title, trace);

    // The user looks at the conflicts, and wants them all the same.
    const left = (await allRows(seat, id)).filter(({ state }) => state === 'conflict' || state === 'unknown');
    if (left.length > 0 && random.chance(0.6)) {
      await say(seat, 'decideRows', { batchId: id, rows: left.map(({ index }) => index), keep: 'ours' });
      const { counts } = await this.find(seat, id);
      trace.note(`decided: ${left.length}, ${counts.states.planned} planned`);
      await say(seat, 'runBatch', { batchId: id, rows: counts.states.planned });
      if (!(await this.goneOn(seat, id, ['done'], trace))) return fail('stuck', 'the decided rows do not end');
      await this.compare(seat, id, rows, mark, title, trace);
    }
    const { brokenSeq } = await say(seat, 'verifyAudit', {});
    if (brokenSeq !== 0) return fail('mismatched', `the chain is broken at ${brokenSeq}`);
    await say(seat, 'dropBatch', { batchId: id });
  }

  /** Kills it so often while it is in one of these statuses. */
  private async kills(seat: Seat, id: string, count: number, plan: Plan, during: Batch['status'][], trace: Trace): Promise<void> {
    const { rig } = seat;
    const { probe } = rig;
    const { random, report } = this;
    const goesOn = async () => during.includes((await this.stored(seat, id))?.status ?? 'done');
    let wanted: string | null = null;
    for (let done = 0, missed = 0; done < count && missed < 3 && (await goesOn()); ) {
      const next: string | null = wanted ?? plan.next();
      // Nothing is read back before something was cut off.
      const first: boolean = wanted === null && next !== null && AFTER_A_KILL.has(next);
      wanted = first ? next : null;
      const step = first ? 'batch:sent' : next;
      const delayMs = random.between(0, this.settleMs * 1.5);
      if (plan === this.runPlan && random.chance(0.08)) await this.pauseAndGoOn(seat, id, trace);
      await probe.hangAt(step);
      await (random.chance(0.5) ? rig.wake() : this.ring(seat));
      if (step) {
        const there = await probe.until(({ reached }) => reached === step, STEP_WITHIN_MS);
        if (!there) {
          report.count('notReached');
          await probe.hangAt(null);
          missed++;
          continue;
        }
      } else {
        await sleep(delayMs);
        if (!(await goesOn())) break;
      }
      await rig.kill();
      await probe.hangAt(null);
      trace.note(step ? `killed at ${step}` : `killed ${delayMs.toFixed(0)} ms on`);
      report.killedAt(step);
      done++;
    }
    await rig.wake();
  }

  /** The user pauses it, and thinks again. */
  private async pauseAndGoOn(seat: Seat, id: string, trace: Trace): Promise<void> {
    await say(seat, 'pauseBatch', { batchId: id });
    trace.note('paused');
    for (let attempt = 0; attempt < 10; attempt++) {
      const { status, counts } = await this.find(seat, id);
      if (status !== 'paused') return;
      // What was on its way may come back, and then it is another number.
      const said = await say(seat, 'runBatch', { batchId: id, rows: counts.states.planned }).catch(() => null);
      if (said !== null) return;
    }
    throw new Error('It does not go on after a pause.');
  }

  /** Kills it once, there; or not, when it does not come there. */
  private async killAt({ rig }: Seat, step: string, during: () => Promise<unknown>, trace: Trace): Promise<void> {
    const { probe } = rig;
    await probe.hangAt(step);
    let over = false;
    // Its answer is lost with the worker, and it is said again.
    const said = during()
      .catch(() => undefined)
      .finally(() => {
        over = true;
      });
    const end = Date.now() + PATIENCE_MS * 2;
    let there = false;
    while (!there && !over && Date.now() < end) there = (await probe.until(({ reached }) => reached === step, 200)) !== null;
    await probe.hangAt(null);
    if (!there) return this.report.count('notReached');
    await rig.kill();
    trace.note(`killed at ${step}`);
    this.report.killedAt(step);
    await said;
  }

  /** Lets it go on until it is in one of these statuses; null: it does not get there. */
  private async goneOn(seat: Seat, id: string, ends: Batch['status'][], trace: Trace): Promise<Batch | null> {
    const end = Date.now() + PATIENCE_MS * 2;
    while (Date.now() < end) {
      const batch = await this.stored(seat, id);
      if (batch && ends.includes(batch.status)) return batch;
      if (batch?.status === 'paused') {
        trace.note(`paused: ${batch.pause} ${batch.detail}`);
        return null;
      }
      if (batch?.status === 'waiting' && batch.notBeforeMs > Date.now())
        await sleep(Math.min(500, batch.notBeforeMs - Date.now()));
      else await this.ring(seat);
      await seat.rig.probe.look(300);
    }
    trace.note(JSON.stringify(await this.stored(seat, id)));
    return null;
  }

  private async ring({ rig }: Seat): Promise<void> {
    await rig.extension.ringAlarm('batch');
  }

  /** As the database has it: asks no worker. */
  private async stored({ rig }: Seat, id: string): Promise<Batch | null> {
    return rig.probe.one<Batch>('batches', id);
  }

  private async find(seat: Seat, id: string): Promise<Batch> {
    const { batches } = await say(seat, 'batches', {});
    const batch = batches.find((each) => each.id === id);
    if (!batch) throw new Error(`There is no batch ${id}.`);
    return batch;
  }

  /** Where the tenant's list of writes and the audit log stand. */
  private async markOf(seat: Seat, id: string): Promise<Mark> {
    return {
      write: seat.rig.tenant.ledger.writesSince(0).at(-1)?.seq ?? 0,
      entry: (await allEntries(seat, id)).at(-1)?.seq ?? 0,
    };
  }

  private async compare(
    seat: Seat,
    id: string,
    wished: readonly WishedRow[],
    mark: Mark,
    title: string,
    trace: Trace,
  ): Promise<Mark> {
    const { tenant } = seat.rig;
    await pendingOver(tenant);
    const rows = await allRows(seat, id);
    const entries = (await allEntries(seat, id)).filter(({ seq }) => seq > mark.entry);
    const { sim, ledger } = tenant;
    const found = judge({
      rows,
      writes: ledger.writesSince(mark.write),
      entries,
      holds: (userId, skillId) => {
        const agent = sim.byId(userId);
        return agent ? ledger.held(agent, skillId) : null;
      },
    });
    if (rows.length !== wished.length) found.missing.push(`${rows.length} rows of ${wished.length} are in the journal`);
    for (const verdict of ['doubled', 'missing', 'mismatched'] as const) {
      const lines = found[verdict];
      if (lines.length === 0) continue;
      for (const line of lines.slice(0, 5)) trace.note(`${verdict}: ${line}`);
      const index = Number(/row (\d+)/.exec(lines[0] ?? '')?.[1] ?? -1);
      const about = rows.find((row) => row.index === index);
      if (about) trace.note(JSON.stringify(about));
      for (const entry of entries.filter(({ row }) => row === index))
        trace.note(JSON.stringify({ ...entry, prev: '', hash: '' }));
      for (const write of ledger.writesSince(mark.write)) {
        if (write.agentId === about?.userId && write.skillId === about.skillId) trace.note(JSON.stringify(write));
      }
      this.report.fail(verdict, lines[0] ?? '', title, trace, lines.length);
    }
    for (const row of rows.filter(({ state }) => state === 'unknown')) {
      const ends = entries.flatMap((entry) => (entry.row === row.index ? [`${entry.action} ${entry.result}`] : []));
      console.log(`unknown: row ${row.index} of ${title}, sent ${row.attempts} times, ${row.problem}: ${ends.join(', ')}`);
    }
    this.report.count('unknown', found.unknown);
    this.report.count('resent', found.resent);
    trace.note(`${rows.length} rows compared with ${entries.length} entries`);
    return this.markOf(seat, id);
  }
}

interface Mark {
  write: number;
  entry: number;
}

/** Until everything accepted has taken effect. */
async function pendingOver({ ledger }: Tenant): Promise<void> {
  while (ledger.pending > 0) await sleep(20);
}

async function allRows(seat: Seat, batchId: string): Promise<BatchRow[]> {
  return (await say(seat, 'batchRows', { batchId, diffs: [], states: [], offset: 0, limit: PAGE_ROWS })).rows;
}

/** Oldest first. */
async function allEntries(seat: Seat, batchId: string): Promise<AuditEntry[]> {
  const all: AuditEntry[] = [];
  for (;;) {
    const { entries, total } = await say(seat, 'audit', { contains: '', batchId, offset: all.length, limit: PAGE_ROWS });
    all.push(...entries);
    if (all.length >= total || entries.length === 0) return all.sort((a, b) => a.seq - b.seq);
  }
}

/** A message of the console's, said again when its worker was lost, as the pages do. */
async function say<T extends MessageType>({ page }: Seat, type: T, request: Request<T>): Promise<Reply<T>> {
  let last: unknown = null;
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      last = await within(
        PATIENCE_MS,
        page.evaluate(
          ([kind, body]) =>
            chrome.runtime.sendMessage({
              type: kind,
              version: chrome.runtime.getManifest().version,
              request: body,
            }) as Promise<unknown>,
          [type, request] as const,
        ),
      );
      const answer = last as { ok: boolean; value: Reply<T> } | undefined;
      if (answer?.ok) return answer.value;
      if (answer) break;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`${type}: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
}
