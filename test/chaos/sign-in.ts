/**
 * The worker is killed while somebody signs in. The answer of a window whose worker is gone is lost; so it must end in words and a button
 * that works, or signed in, and never in a sign-in that waits for nothing.
 */
import type { Page } from '@playwright/test';
import { popup } from '../e2e/support/flows.ts';
import { until } from '../e2e/support/wait.ts';
import { Plan } from './plan.ts';
import type { Sight } from './probe.ts';
import { Report, Trace } from './report.ts';
import { isGood, PATIENCE_MS, Random, Rig, sleep, within } from './rig.ts';

const STEPS = ['signIn:opening', 'signIn:redirected', 'signIn:exchanged', 'token:kept', 'token:status'];
/** From here on the tokens are in the vault, and nobody may have to sign in once more. */
const KEPT = new Set(['token:kept', 'token:status']);
/** Random moments: soon after the click, while the window is open, and after it has closed. */
const MOMENTS = ['click', 'window', 'answer'] as const;
/** What becomes of a window whose worker is gone. */
const ORPHANS = ['close', 'finish', 'leave'] as const;
/** What wakes the worker: the alarm, any other event, the page repeating its message, the user giving up. */
const WAKES = ['ring', 'wake', 'again', 'cancel'] as const;
const KILLS_PER_BROWSER = 60;
const RESOLVED_WITHIN_MS = 5_000;

export interface SignInOptions {
  kills: number;
  seed: number;
  build: string;
}

interface Seat {
  rig: Rig;
  /** Code challenges the provider has seen, and how many of them more than once. */
  challenges: { seen: Set<string>; reused: number };
  killsAtLaunch: number;
}

export async function signInCampaign({ kills, seed, build }: SignInOptions): Promise<boolean> {
  const report = new Report(
    'sign-in',
    seed,
    kills,
    'interrupted',
    'signedInAnyway',
    'cancelled',
    'notBegun',
    'verifiersReused',
    'wrongPhase',
  );
  report.expectSteps(STEPS);
  report.mustBeZero('verifiersReused', 'wrongPhase');
  await new SignIn(report, build, new Random(seed)).run(kills);
  return report.end();
}

class SignIn {
  private seat: Seat | null = null;

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
        const seat = await this.ready();
        await within(PATIENCE_MS * 5, this.iterate(seat, plan.next(), title, trace));
      } catch (error) {
        this.report.fail('harness', error instanceof Error ? error.message : String(error), title, trace);
        await this.drop();
      }
      this.report.progress();
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
    const rig = await Rig.open(this.build, { agents: 5 }, false);
    const challenges = { seen: new Set<string>(), reused: 0 };
    const { log } = rig.tenant;
    const begin = log.begin.bind(log);
    // The tenant's own log does not keep them.
    log.begin = (method, url, ...rest) => {
      const challenge = url.searchParams.get('code_challenge');
      if (challenge !== null && challenges.seen.has(challenge)) challenges.reused++;
      if (challenge !== null) challenges.seen.add(challenge);
      return begin(method, url, ...rest);
    };
    this.seat = { rig, challenges, killsAtLaunch: this.report.of('kills') };
    return this.seat;
  }

  private async iterate({ rig, challenges }: Seat, step: string | null, title: string, trace: Trace): Promise<void> {
    const { random, report } = this;
    const { probe, tenant } = rig;
    const page = await rig.extension.openPopup();
    await say(page, 'signOut');
    if (!(await probe.until(({ phase }) => phase === 'signedOut', PATIENCE_MS))) throw new Error('Signing out did not work.');
    if (random.chance(0.5)) await rig.control('sessions/end');
    const { logEnd } = rig;
    const reusedBefore = challenges.reused;
    const phasesBefore = (await probe.look()).phases.length;
    const fail = async (verdict: string, why: string) => {
      const sight = await probe.look();
      trace.note(`${JSON.stringify({ ...sight, phases: sight.phases.slice(phasesBefore) })}, windows: ${rig.windows().length}`);
      trace.requests(tenant.log.since(logEnd));
      for (const line of await probe.log(8)) trace.note(line);
      report.fail(verdict, why, title, trace);
      await this.drop();
    };

    if (!(await this.killedWhileSigningIn(rig, page, step, trace)))
      return fail('harness', `${step ?? 'the moment'} was not reached`);
    const begun = (await probe.look()).phases.slice(phasesBefore).some((phase) => phase.startsWith('signingIn'));
    const orphans = new Set(rig.windows());
    const fate = random.pick(ORPHANS);
    const waking = random.pick(WAKES);
    trace.note(`${orphans.size} window(s): ${fate}; then ${waking}`);
    if (fate === 'close') await rig.closeWindows();
    if (fate === 'finish') await rig.finish(orphans);

    if (waking === 'wake') await rig.wake();
    else if (waking === 'ring') await rig.ring();
    else await say(page, waking === 'again' ? 'signIn' : 'cancelSignIn');
    const resolved = await this.resolve(rig, orphans, waking === 'again', trace);
    if (resolved === 'wrongPhase') return fail('wrongPhase', 'the sign-in window is open and the phase says otherwise');
    if (!resolved) return fail('stuck', 'it still says that somebody is signing in');
    const { phase, failure } = resolved;
    trace.note(`${phase}(${failure})`);
    if (phase === 'signedIn') report.count('signedInAnyway');
    else if (failure === 'interrupted' || failure === 'cancelled' || failure === 'alreadyOpen') report.count(failure);
    else if (!begun && failure === null) report.count('notBegun');
    else return fail('stuck', `cut off, and it says ${phase}(${failure})`);
    if (step !== null && KEPT.has(step) && phase !== 'signedIn') return fail('lost', 'the tokens were there already');

    if (phase !== 'signedIn' && !(await this.retry(rig, page, orphans, trace)))
      return fail('stuck', 'the next sign-in did not work either');
    const sinceMs = Date.now();
    const polled = await rig.ringUntil((now) => isGood(now) && now.phase === 'signedIn' && (now.beat?.askedMs ?? 0) >= sinceMs);
    if (!polled) return fail('stuck', 'signed in, and no poll works');
    if (challenges.reused > reusedBefore) return fail('verifiersReused', 'the provider was shown the same challenge twice');
    await rig.closeWindows();
    await page.close();
  }

  /** Begins to sign in as a user does and kills the worker on the way. @returns whether it came so far */
  private async killedWhileSigningIn(rig: Rig, page: Page, step: string | null, trace: Trace): Promise<boolean> {
    const { random, report } = this;
    const { probe } = rig;
    const moment = random.pick(MOMENTS);
    await probe.hangAt(step);
    await popup.signIn(page).click({ timeout: PATIENCE_MS });
    const delayMs = random.between(0, 80);
    if (step) {
      if (!(await rig.answerWindowsUntil(({ reached }) => reached === step))) return false;
    } else {
      if (moment !== 'click') await until('the sign-in window', () => rig.windows().length > 0, PATIENCE_MS);
      if (moment === 'answer') await rig.finish(new Set(rig.windows()));
      await sleep(delayMs);
    }
    await rig.kill();
    trace.note(step ? `killed at ${step}` : `killed ${delayMs.toFixed(1)} ms after: ${moment}`);
    report.killedAt(step);
    return true;
  }

  /** The user tries again; told that a window is open already, he closes it and tries once more. */
  private async retry(rig: Rig, page: Page, orphans: ReadonlySet<Page>, trace: Trace): Promise<boolean> {
    for (const closeFirst of [false, true]) {
      if (closeFirst) await rig.closeWindows();
      const before = (await rig.probe.look()).phases.length;
      await popup.signIn(page).click({ timeout: PATIENCE_MS });
      const ended = await rig.answerWindowsUntil(({ phase, phases }) => {
        // Words of the sign-in before may still be on their way: this one begins with a `signingIn` of its own.
        const begun = phases.indexOf('signingIn', before);
        return phase === 'signedIn' || (begun >= 0 && phases.length > begun + 1 && phase !== 'signingIn');
      }, orphans);
      trace.note(`tried again: ${ended?.phase}(${ended?.failure})`);
      if (ended?.phase === 'signedIn') return true;
      if (ended?.failure !== 'alreadyOpen') return false;
      this.report.count('alreadyOpen');
    }
    return false;
  }

  /** Waits until nobody is signing in any more; windows of a sign-in begun anew are answered. */
  private async resolve(rig: Rig, orphans: ReadonlySet<Page>, anew: boolean, trace: Trace): Promise<Sight | 'wrongPhase' | null> {
    const { probe } = rig;
    const over = ({ phase }: Sight) => phase !== 'signingIn';
    if (!anew) {
      const sight = await probe.until(over, RESOLVED_WITHIN_MS);
      if (sight) return sight;
      // Killed right after the click the page says it again, and that is a sign-in of its own.
      trace.note('still signing in: begun anew?');
      return rig.answerWindowsUntil(over, orphans);
    }
    const fresh = () => rig.windows().filter((page) => !orphans.has(page) && page.url().includes('/interaction/'));
    await until('the window of the new sign-in', async () => fresh().length > 0 || over(await probe.look()), PATIENCE_MS);
    // The window is there: whoever looks must be told so, now and as long as it stays.
    await sleep(this.random.between(0, 100));
    const { phase, failure } = await probe.look();
    // Killed right after the click, the window of the sign-in before this one may come up only now. Chrome lets nobody open a second one
    // while it is there, and that is said.
    if (fresh().length > 0 && phase !== 'signingIn' && failure !== 'alreadyOpen') {
      trace.note(`${phase}(${failure}) with ${fresh().length} window(s) open`);
      return 'wrongPhase';
    }
    return rig.answerWindowsUntil(over, orphans);
  }
}

/** A message of one of the extension's own pages. */
async function say(page: Page, type: 'signIn' | 'cancelSignIn' | 'signOut'): Promise<void> {
  await page.evaluate(
    (wanted) => chrome.runtime.sendMessage({ type: wanted, version: chrome.runtime.getManifest().version, request: {} }),
    type,
  );
}
