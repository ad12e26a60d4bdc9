/** One browser with the extension, signed in at a tenant of its own; how it is killed, woken and seen. */
import type { Page } from '@playwright/test';
import { Extension } from '../e2e/support/extension.ts';
import { connect, popup, setUp } from '../e2e/support/flows.ts';
import { LOOPBACK } from '../e2e/support/launch.ts';
import { Random } from '../tenant/random.ts';
import { startTenant, type Tenant, type TenantOptions } from '../tenant/tenant.ts';
import { Probe, type Sight } from './probe.ts';
import type { Report, Trace } from './report.ts';

export { Random };

/** How long anything may take before it counts as never: other work shares the machine. */
export const PATIENCE_MS = 20_000;
/** A poll is asked for again after so long without news, as the alarm would. */
const RING_AGAIN_MS = 1500;
const MAX_ASKS = 6;

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export class Rig {
  private constructor(
    readonly tenant: Tenant,
    readonly extension: Extension,
    readonly probe: Probe,
  ) {}

  /** @param signedIn whether to sign in and watch everyone, or only to save the connection */
  static async open(build: string, options: TenantOptions, signedIn = true): Promise<Rig> {
    const tenant = await startTenant({ frozen: true, ...options });
    let extension: Extension | null = null;
    try {
      extension = await Extension.launch({ grant: [LOOPBACK], build, suspend: false });
      if (signedIn) await setUp(extension, tenant);
      else await (await connect(extension, tenant)).close();
      return new Rig(tenant, extension, await Probe.install(extension));
    } catch (error) {
      await extension?.close();
      await tenant.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    // A browser that has crashed cannot be closed, and need not be.
    await this.extension.close().catch(() => undefined);
    await this.tenant.close();
  }

  get counts() {
    return this.tenant.log.counts;
  }

  /** Everything the tenant has been asked so far has a number up to this. */
  get logEnd(): number {
    return this.tenant.log.since(0).at(-1)?.seq ?? 0;
  }

  async control(path: string): Promise<void> {
    const { ok, status } = await fetch(`${this.tenant.control}/${path}`, { method: 'POST' });
    if (!ok) throw new Error(`The tenant answered ${status} to ${path}.`);
  }

  /** The poll alarm comes due. Wakes the worker when it is dead. */
  async ring(): Promise<void> {
    await this.extension.ringAlarm('poll');
  }

  /** Rings, and waits until the worker has dealt with it: every cycle ends in painting the badge. */
  async ringThrough(): Promise<void> {
    await this.extension.inWorker(async (mark) => {
      const before = performance.getEntriesByName(mark).length;
      const { onAlarm } = chrome.alarms as unknown as { onAlarm: { dispatch(alarm: object): void } };
      onAlarm.dispatch({ name: 'poll', scheduledTime: Date.now() });
      const end = Date.now() + 5_000;
      while (performance.getEntriesByName(mark).length === before && Date.now() < end)
        await new Promise((resolve) => setTimeout(resolve, 5));
    }, 'poll:badge');
  }

  /**
   * Kills the worker at a step, or at a random moment.
   * @param during what makes the worker work; for a step it is repeated until the step is reached
   * @returns whether the worker was where it was to be killed
   */
  async killIn(
    step: string | null,
    delayMs: number,
    during: () => Promise<void>,
    report: Report,
    trace: Trace,
  ): Promise<boolean> {
    const { probe } = this;
    if (step) await probe.hangAt(step);
    await during();
    let there: Sight | null = null;
    if (!step) await sleep(delayMs);
    for (let asked = 1; step && !there; asked++) {
      there = await probe.until(({ reached }) => reached === step, RING_AGAIN_MS);
      if (!there && asked > MAX_ASKS) break;
      if (!there) await during();
    }
    await this.kill();
    if (step && !there) {
      await probe.hangAt(null);
      trace.note(`${step} was not reached; killed anyway`);
      report.count('notReached');
      return false;
    }
    trace.note(step ? `killed at ${step}` : `killed ${delayMs.toFixed(1)} ms on`);
    report.killedAt(step);
    return true;
  }

  async kill(): Promise<void> {
    await this.extension.stopWorker();
  }

  async wake(): Promise<void> {
    await this.extension.startWorker();
  }

  /** Rings until `good` or `ended`, as the alarm would every half minute; null when neither comes. */
  async ringUntil(ends: (sight: Sight) => boolean, ms = PATIENCE_MS): Promise<Sight | null> {
    const end = performance.now() + ms;
    while (performance.now() < end) {
      const rungMs = Date.now();
      await this.ring();
      // A poll that ended otherwise is followed by the next one at once.
      const sight = await this.probe.until((now) => ends(now) || (now.beat?.askedMs ?? 0) >= rungMs, RING_AGAIN_MS);
      if (sight && ends(sight)) return sight;
    }
    return null;
  }

  /** Presses "Sign in" in the popup and does in the provider's window what it asks for, until `ends`. */
  async signInByClick(ends: (sight: Sight) => boolean): Promise<Sight | null> {
    const page = await this.extension.openPopup();
    try {
      await popup.signIn(page).click();
      return await this.answerWindowsUntil(ends);
    } finally {
      await page.close();
    }
  }

  /** Signs in and allows in every window of the provider that is open or opens. */
  async answerWindowsUntil(ends: (sight: Sight) => boolean, leaveAlone: ReadonlySet<Page> = new Set()): Promise<Sight | null> {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      const sight = await this.probe.until(ends, 30);
      if (sight) return sight;
      for (const page of this.windows()) if (!leaveAlone.has(page)) await answerWindow(page);
    }
    return null;
  }

  /** Windows of the provider. */
  windows(): Page[] {
    return this.extension.context.pages().filter((page) => !page.isClosed() && page.url().startsWith(this.tenant.issuer));
  }

  /** The user goes on in these windows until they are gone, whether or not anybody still waits for what comes of it. */
  async finish(windows: ReadonlySet<Page>): Promise<void> {
    const end = performance.now() + PATIENCE_MS / 2;
    const open = () => this.windows().filter((page) => windows.has(page));
    while (open().length > 0 && performance.now() < end) {
      for (const page of open()) await answerWindow(page);
      await sleep(10);
    }
  }

  /** The user closes every sign-in window; by Chrome's own list, because the debugger does not see one whose worker died as it opened. */
  async closeWindows(): Promise<void> {
    await this.extension.outside(async () => {
      const open = await chrome.windows.getAll({ windowTypes: ['popup'] });
      await Promise.all(open.map(({ id }) => (id === undefined ? undefined : chrome.windows.remove(id).catch(() => undefined))));
    }, null);
  }
}

async function answerWindow(page: Page): Promise<void> {
  try {
    if (await page.locator('#login').isVisible()) {
      await page.fill('#login', 'demo', { timeout: 2_000 });
      await page.fill('#password', 'demo', { timeout: 2_000 });
      await page.click('#submit', { timeout: 2_000 });
    }
    if (await page.locator('#allow').isVisible()) await page.click('#allow', { timeout: 2_000 });
  } catch {
    // The window closes itself the moment the provider redirects, and the next look shows what there is to do.
  }
}

export const isGood = ({ beat }: Sight): boolean =>
  beat?.outcome === 'ok' || beat?.outcome === 'unchanged' || beat?.outcome === 'partial';

/** Fails rather than waits for ever: a browser that has gone wrong must not end a night's run. */
export async function within<T>(ms: number, what: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The iteration took longer than ${ms / 1000} s.`)), ms);
  });
  try {
    return await Promise.race([what, late]);
  } finally {
    clearTimeout(timer);
  }
}
