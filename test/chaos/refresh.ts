/**
 * The worker is killed while it renews the token. Whatever the moment, the user must not have to sign in again as long as the provider
 * leaves any way around it; where it leaves none, he is told so once, nothing goes on in the background, and one click mends it.
 */
import { momentIn, Plan } from './plan.ts';
import type { Sight } from './probe.ts';
import { Report, Trace } from './report.ts';
import { isGood, PATIENCE_MS, Random, Rig, within } from './rig.ts';

/** What the provider allows: a grace for the token just spent, a single sign-on session, or neither. */
export const REGIMES = ['grace', 'sso', 'none'] as const;
export type Regime = (typeof REGIMES)[number];

const RENEWAL = ['refresh:pending', 'refresh:answered', 'token:kept', 'token:status', 'poll:asking'];
const SILENT = ['silent:opening', 'signIn:opening', 'signIn:redirected', 'signIn:exchanged'];
const STEPS: Record<Regime, string[]> = {
  grace: RENEWAL,
  sso: [...RENEWAL, ...SILENT],
  // Without a session the provider refuses before there is any redirect to be killed after.
  none: [...RENEWAL, 'silent:opening', 'signIn:opening'],
};
const DUE = ['absent', 'due', 'expired', 'rejected'] as const;
const FAULTS = [
  { kind: 'tokenDropAfterRotate' },
  { kind: 'tokenSlowAfterRotate', ms: 60 },
  { kind: 'tokenSlow', ms: 60, on: 'refresh' },
  { kind: 'tokenStatus', status: 503, on: 'refresh' },
  { kind: 'tokenCut', bytes: 40, on: 'refresh' },
] as const;
/** A browser gets slower with the hundreds of workers it has seen die. */
const KILLS_PER_BROWSER = 250;
const RINGS_AFTER_LOSS = 3;

export interface RefreshOptions {
  kills: number;
  seed: number;
  regimes: readonly Regime[];
  build: string;
}

export async function refreshCampaign({ kills, seed, regimes, build }: RefreshOptions): Promise<boolean> {
  const report = new Report('refresh', seed, kills, 'renewals', 'recoveredByRetry', 'recoveredSilently', 'needsSignIn', 'midway');
  for (const [index, regime] of regimes.entries()) {
    const share = Math.floor((kills * (index + 1)) / regimes.length) - Math.floor((kills * index) / regimes.length);
    report.expectSteps(STEPS[regime]);
    console.log(`${regime}: ${share} kills`);
    await new Refresh(report, regime, build, new Random(seed, index)).run(share);
  }
  return report.end();
}

class Refresh {
  private rig: Rig | null = null;
  private killsAtLaunch = 0;
  private usualMs = 50;

  constructor(
    private readonly report: Report,
    private readonly regime: Regime,
    private readonly build: string,
    private readonly random: Random,
  ) {}

  async run(kills: number): Promise<void> {
    const end = this.report.of('kills') + kills;
    const plan = new Plan(STEPS[this.regime], this.random);
    for (let turn = 0; this.report.of('kills') < end && turn < kills * 2 + 10 && !this.report.hopeless; turn++) {
      const trace = new Trace();
      const title = `${this.regime}, iteration ${turn}`;
      try {
        const rig = await this.ready();
        await within(PATIENCE_MS * 4, this.iterate(rig, plan.next(), title, trace));
      } catch (error) {
        this.report.fail('harness', error instanceof Error ? error.message : String(error), title, trace);
        await this.drop();
      }
      this.report.progress();
    }
    await this.drop();
  }

  private async drop(): Promise<void> {
    const { rig } = this;
    this.rig = null;
    await rig?.close();
  }

  /** A browser, signed in, with nothing under way. */
  private async ready(): Promise<Rig> {
    if (this.rig && this.report.of('kills') - this.killsAtLaunch < KILLS_PER_BROWSER) return this.rig;
    await this.drop();
    const rig = await Rig.open(this.build, { agents: 5, refreshGraceSeconds: this.regime === 'grace' ? 60 : 0 });
    this.rig = rig;
    this.killsAtLaunch = this.report.of('kills');
    await this.endSession(rig);
    for (let warm = 0; warm < 3; warm++) {
      const startedMs = Date.now();
      await rig.probe.age('absent');
      await rig.ring();
      if (!(await rig.probe.until((sight) => isHealthy(sight, startedMs), PATIENCE_MS)))
        throw new Error('An undisturbed renewal did not work.');
      this.usualMs = Date.now() - startedMs;
    }
    return rig;
  }

  /** Grace alone, or nothing at all, has to do: then there is no session to fall back on. */
  private async endSession(rig: Rig): Promise<void> {
    if (this.regime !== 'sso') await rig.control('sessions/end');
  }

  private async iterate(rig: Rig, step: string | null, title: string, trace: Trace): Promise<void> {
    const { random, report, regime } = this;
    const { probe, tenant } = rig;
    const before = { ...rig.counts, logEnd: rig.logEnd };
    const { phases: phasesBefore } = await probe.look();
    const startedMs = Date.now();
    const due = random.pick(DUE);
    const refuse = step !== null && SILENT.includes(step);
    // A fault may keep the renewal from ever getting to a step.
    const fault = step === null && random.chance(0.6) ? random.pick(FAULTS) : null;
    if (refuse) tenant.faults.arm({ kind: 'invalidGrant', times: 1 });
    if (fault) tenant.faults.arm({ ...fault, times: 1 });
    trace.note(`${due}${refuse ? ', refused' : ''}${fault ? `, ${fault.kind}` : ''}, kill at ${step ?? 'random'}`);

    await probe.age(due);
    if (due === 'rejected') await rig.control('expire');
    const spanMs = this.usualMs + (fault && 'ms' in fault ? fault.ms : 0);
    await rig.killIn(step, momentIn(spanMs, random), () => rig.ring(), report, trace);
    const killed = await probe.look();
    if ((killed.access?.receivedMs ?? 0) < startedMs) report.count('midway');
    trace.note(`${killed.phase}(${killed.failure}), asked for ${rig.counts.refreshes - before.refreshes} renewals`);
    if (random.chance(0.15)) {
      const again = random.chance(0.5) ? () => rig.wake() : () => rig.ring();
      await rig.killIn(null, momentIn(this.usualMs, random), again, report, trace);
    }

    const wokenMs = Date.now();
    await rig.wake();
    const ended = await rig.ringUntil((sight) => isHealthy(sight, startedMs, wokenMs) || isLost(sight));
    tenant.faults.clear();
    report.count('renewals', rig.counts.refreshesOk - before.refreshesOk);
    const sight = ended ?? (await probe.look());
    trace.note(`ended ${sight.phase}(${sight.failure}) by way of ${sight.phases.slice(phasesBefore.length).join(' → ')}`);
    const fail = async (verdict: 'lost' | 'stuck', why: string) => {
      trace.note(JSON.stringify(sight));
      trace.requests(tenant.log.since(before.logEnd));
      for (const line of await probe.log(12)) trace.note(line);
      report.fail(verdict, why, title, trace);
      await this.drop();
    };

    if (!ended) return fail('stuck', `neither signed in with a poll that works nor asking for a sign-in after ${PATIENCE_MS} ms`);
    if (rig.counts.interactiveLogins > before.interactiveLogins) return fail('lost', 'somebody had to sign in');
    if (!isLost(ended)) {
      if (rig.counts.silentLogins > before.silentLogins) report.count('recoveredSilently');
      else if (rig.counts.refreshes - before.refreshes > 1) report.count('recoveredByRetry');
      return;
    }
    if (regime !== 'none') return fail('lost', 'the provider left a way, and yet it asks for a sign-in');
    const spent = refuse || rig.counts.reuseDetected > before.reuseDetected;
    if (!spent) return fail('lost', 'no token was spent, and yet it asks for a sign-in');
    report.count('needsSignIn');
    const problem = await this.afterLoss(rig, phasesBefore.length, trace);
    if (problem) return fail('stuck', problem);
  }

  /** Asked once, quiet afterwards, mended by one click. @returns what is wrong, or null */
  private async afterLoss(rig: Rig, phasesBefore: number, trace: Trace): Promise<string | null> {
    const { logEnd } = rig;
    for (let ring = 0; ring < RINGS_AFTER_LOSS; ring++) {
      if (ring === 1) await rig.kill();
      await rig.ringThrough();
    }
    const asked = rig.tenant.log.since(logEnd).filter(({ path }) => path === '/token' || path.startsWith('/auth'));
    if (asked.length > 0) return `${asked.length} requests to the provider after it had said no`;
    const times = (await rig.probe.look()).phases.slice(phasesBefore).filter((phase) => phase.startsWith('needsSignIn')).length;
    if (times !== 1) return `asked for a sign-in ${times} times`;
    const clickedMs = Date.now();
    const { interactiveLogins } = rig.counts;
    const sight = await rig.signInByClick((now) => isHealthy(now, clickedMs, clickedMs));
    trace.note(`after the click ${sight?.phase ?? 'nothing'}`);
    if (!sight) return 'one click did not sign in again';
    if (rig.counts.interactiveLogins !== interactiveLogins + 1) return 'one click took more than one sign-in';
    await this.endSession(rig);
    return null;
  }
}

/** Signed in, with a token and a usable list that are both younger than the kill. */
function isHealthy(sight: Sight, renewedSinceMs: number, polledSinceMs = 0): boolean {
  const { phase, access, beat } = sight;
  return (
    phase === 'signedIn' &&
    (access?.receivedMs ?? 0) >= renewedSinceMs &&
    (access?.renewMs ?? 0) > Date.now() &&
    isGood(sight) &&
    (beat?.askedMs ?? 0) >= polledSinceMs
  );
}

function isLost({ phase }: Sight): boolean {
  return phase === 'needsSignIn' || phase === 'signedOut' || phase === 'scopeLost';
}
