/**
 * The worker is killed while it polls. Every state that lasts two polls must be written down once, nothing else may be, and after each
 * start toolbar button and popup show what is written down.
 */
import { momentIn, Plan } from './plan.ts';
import { PollOracle, staleness, wrongAgents } from './poll-oracle.ts';
import { Report, Trace } from './report.ts';
import { isGood, PATIENCE_MS, Random, Rig, within } from './rig.ts';

const STEPS = ['poll:asking', 'poll:answered', 'poll:committed', 'poll:published'];
const FAULTS = [
  { kind: 'reset' },
  { kind: 'status', status: 500 },
  { kind: 'cut', bytes: 200 },
  { kind: 'slow', ms: 60 },
  { kind: 'drip', bytes: 4000, ms: 10 },
  { kind: 'empty' },
] as const;
const AGENTS = 30;
const KILLS_PER_BROWSER = 250;
/** How long a start may take to show what is stored. */
const SHOWN_WITHIN_MS = 5_000;

export interface PollOptions {
  kills: number;
  seed: number;
  build: string;
}

interface Bench {
  rig: Rig;
  oracle: PollOracle;
  watched: string[];
  /** The newest transition already looked at. */
  key: number;
  killsAtLaunch: number;
  usualMs: number;
}

export async function pollCampaign({ kills, seed, build }: PollOptions): Promise<boolean> {
  const report = new Report('poll', seed, kills, 'staleBadge', 'wrongSnapshot', 'transitions', 'shortMissed', 'midway');
  report.expectSteps(STEPS);
  report.mustBeZero('staleBadge', 'wrongSnapshot');
  await new Poll(report, build, new Random(seed)).run(kills);
  return report.end();
}

class Poll {
  private bench: Bench | null = null;

  constructor(
    private readonly report: Report,
    private readonly build: string,
    private readonly random: Random,
  ) {}

  async run(kills: number): Promise<void> {
    const plan = new Plan(STEPS, this.random);
    for (let turn = 0; this.report.of('kills') < kills && turn < kills * 2 + 10 && !this.report.hopeless; turn++) {
      const trace = new Trace();
      const title = `iteration ${turn}`;
      try {
        const bench = await this.ready();
        await within(PATIENCE_MS * 4, this.iterate(bench, plan.next(), title, trace));
      } catch (error) {
        this.report.fail('harness', error instanceof Error ? error.message : String(error), title, trace);
        await this.drop();
      }
      this.report.progress();
    }
    await this.drop();
  }

  private async drop(): Promise<void> {
    const { bench } = this;
    this.bench = null;
    if (!bench) return;
    this.report.count('transitions', bench.oracle.recorded);
    this.report.count('shortMissed', bench.oracle.shortMissed);
    await bench.rig.close();
  }

  private async ready(): Promise<Bench> {
    if (this.bench && this.report.of('kills') - this.bench.killsAtLaunch < KILLS_PER_BROWSER) return this.bench;
    await this.drop();
    const rig = await Rig.open(this.build, { agents: AGENTS, seed: this.random.int(1e6) });
    let usualMs = 0;
    for (let warm = 0; warm < 3; warm++) {
      const startedMs = Date.now();
      if (!(await rig.ringUntil((sight) => isGood(sight) && (sight.beat?.askedMs ?? 0) >= startedMs)))
        throw new Error('An undisturbed poll did not work.');
      usualMs = Date.now() - startedMs;
    }
    const { key } = await rig.probe.transitionsAfter(0);
    const watched = rig.tenant.sim.agents.map(({ person }) => person.id);
    this.bench = { rig, oracle: new PollOracle(rig.tenant.sim), watched, key, usualMs, killsAtLaunch: this.report.of('kills') };
    return this.bench;
  }

  private async iterate(bench: Bench, step: string | null, title: string, trace: Trace): Promise<void> {
    const { random, report } = this;
    const { rig, usualMs } = bench;
    const { tenant, probe } = rig;
    const { logEnd } = rig;
    this.move(bench, trace);
    // A fault may keep a poll from ever getting to a step.
    const fault = step === null && random.chance(0.4) ? random.pick(FAULTS) : null;
    if (fault) tenant.faults.arm({ ...fault, times: 1, match: '/api/v2/agents/states' });
    const spanMs = usualMs + (fault && 'ms' in fault ? fault.ms : 0);
    trace.note(`kill at ${step ?? 'random'}${fault ? `, ${fault.kind}` : ''}`);

    const rungMs = Date.now();
    const moveMidway = random.chance(0.3);
    const during = async () => {
      await rig.ring();
      if (moveMidway) this.move(bench, trace);
    };
    await rig.killIn(step, momentIn(spanMs, random), during, report, trace);
    if (((await probe.look()).beat?.askedMs ?? 0) < rungMs) report.count('midway');
    await this.start(bench, title, trace);
    if (random.chance(0.15)) {
      const again = random.chance(0.3) ? () => rig.wake() : () => rig.ring();
      await rig.killIn(null, momentIn(usualMs, random), again, report, trace);
      await this.start(bench, title, trace);
    }
    if (random.chance(0.3)) this.move(bench, trace);
    tenant.faults.clear();

    // A stay must be there for two whole polls to have to be seen; one or two of them, by chance.
    for (let poll = random.chance(0.5) ? 2 : 1; poll > 0; poll--) {
      const sinceMs = Date.now();
      const ended = await rig.ringUntil((sight) => isGood(sight) && (sight.beat?.askedMs ?? 0) >= sinceMs);
      if (!ended) {
        trace.note(JSON.stringify(await probe.look()));
        trace.requests(tenant.log.since(logEnd));
        report.fail('stuck', `no poll works any more after ${PATIENCE_MS} ms`, title, trace);
        return this.drop();
      }
      bench.oracle.polled();
    }
    await this.compare(bench, title, trace);
  }

  /** Time passes for the agents: some change state, some more than once. */
  private move({ rig }: Bench, trace: Trace): void {
    const seconds = Math.round(this.random.between(3, 60));
    const { sim } = rig.tenant;
    const before = sim.truth.length;
    sim.moveClock({ advanceSeconds: seconds });
    trace.note(`${seconds} s pass, ${sim.truth.length - before} changes`);
  }

  /** A start, and whether it shows what is stored. */
  private async start({ rig, watched }: Bench, title: string, trace: Trace): Promise<void> {
    await rig.wake();
    const end = performance.now() + SHOWN_WITHIN_MS;
    for (;;) {
      const committed = await rig.probe.committed();
      if (!committed) throw new Error('There is nothing in the database.');
      const wrong = staleness(committed, await rig.extension.published('view.glance'), await rig.extension.badge(), watched);
      if (!wrong) return;
      const left = end - performance.now();
      if (left <= 0) {
        trace.note(JSON.stringify(committed.record.state));
        this.report.fail('staleBadge', wrong, title, trace);
        return;
      }
      await rig.probe.look(Math.min(left, 200));
    }
  }

  private async compare(bench: Bench, title: string, trace: Trace): Promise<void> {
    const { rig, oracle } = bench;
    const { key, records } = await rig.probe.transitionsAfter(bench.key);
    bench.key = key;
    const committed = await rig.probe.committed();
    for (const [verdict, found] of Object.entries(oracle.check(records))) {
      if (found.length === 0) continue;
      for (const line of found) trace.note(`${verdict}: ${line}`);
      this.report.fail(verdict as 'missed' | 'doubled' | 'invented', found[0] ?? '', title, trace, found.length);
    }
    const wrong = committed ? wrongAgents(committed, rig.tenant.sim) : ['nothing is stored'];
    if (wrong.length > 0) this.report.fail('wrongSnapshot', wrong[0] ?? '', title, trace, wrong.length);
  }
}
