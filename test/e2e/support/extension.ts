import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page, Worker } from '@playwright/test';
import type { Published, PublishedKey } from '../../../src/messages/published.ts';
import { DEMO_BUILD, extensionId, type LaunchOptions, openBrowser } from './launch.ts';
import { Manager } from './manager.ts';
import { type Notified, ServiceWorker } from './service-worker.ts';
import { suspendBeforeEveryMessage } from './suspend.ts';
import { until } from './wait.ts';

export interface Badge {
  text: string;
  title: string;
  color: number[];
}

/** Popups are at most 800 × 600; ours is 360 wide. */
const POPUP = { width: 360, height: 600 };
/** How long a user may take to load the extension by hand. */
const BY_HAND_MS = 10 * 60_000;

interface Running {
  context: BrowserContext;
  manager: Manager;
  /** A tab on a file of the extension that runs none of its code: `chrome.*` without a page of ours and without the worker. */
  probe: Page;
  serviceWorker: ServiceWorker;
}

/** A browser with the extension in it: what tests, the demo and the benches do to it. */
export class Extension {
  readonly id: string;
  /** `chrome-extension://<id>` */
  readonly origin: string;

  private constructor(
    private readonly options: LaunchOptions,
    readonly profileDir: string,
    private running: Running,
  ) {
    this.id = extensionId(options.build ?? DEMO_BUILD);
    this.origin = `chrome-extension://${this.id}`;
  }

  /** A browser with a fresh profile, its worker started. `close` removes the profile. */
  static async launch(options: LaunchOptions = {}): Promise<Extension> {
    const profileDir = mkdtempSync(join(tmpdir(), 'agent-watch-'));
    try {
      return new Extension(options, profileDir, await start(profileDir, options));
    } catch (error) {
      removeProfile(profileDir);
      throw error;
    }
  }

  get context(): BrowserContext {
    return this.running.context;
  }

  /** The browser is closed and opened again with the same profile. Pages and the session storage are gone. */
  async restart(): Promise<void> {
    await this.context.close();
    this.running = await start(this.profileDir, this.options);
  }

  /** Closes the tabs that only the harness needed. From here on a person has the browser; nothing of this class but `close` works. */
  async leaveToUser(): Promise<void> {
    await this.running.manager.close();
    await this.running.probe.close();
  }

  async close(): Promise<void> {
    // It may be gone already: closed by its user, or crashed.
    await this.context.close().catch(() => undefined);
    removeProfile(this.profileDir);
  }

  // The worker

  /** Playwright's handle: stays good over the worker's restarts, but `evaluate` hangs while it is stopped. Prefer `inWorker`. */
  async worker(): Promise<Worker> {
    const mine = (worker: Worker) => worker.url().startsWith(this.origin);
    // The last: the handle of an earlier installation stays listed.
    return this.context.serviceWorkers().findLast(mine) ?? this.context.waitForEvent('serviceworker', { predicate: mine });
  }

  /** Runs a function in the worker, waking it first. */
  async inWorker<R, A>(run: (argument: A) => R | Promise<R>, argument: A): Promise<R> {
    await this.startWorker();
    return (await this.worker()).evaluate(run as never, argument) as Promise<R>;
  }

  async stopWorker(): Promise<void> {
    await this.running.serviceWorker.stop();
  }

  async startWorker(): Promise<void> {
    await this.running.serviceWorker.start();
  }

  async isWorkerRunning(): Promise<boolean> {
    return this.running.serviceWorker.isRunning();
  }

  /** How often the worker has started since the browser did. */
  get boots(): number {
    return this.running.serviceWorker.boots;
  }

  /** What the worker has notified since the browser started, over all its boots, the oldest first. */
  get notifications(): readonly Notified[] {
    return this.running.serviceWorker.notified;
  }

  /** The user clicks a notification. */
  async clickNotification(id: string): Promise<void> {
    await this.inWorker((clicked) => {
      const { onClicked } = chrome.notifications as unknown as { onClicked: { dispatch(id: string): void } };
      onClicked.dispatch(clicked);
    }, id);
  }

  /** An alarm comes due now. Real alarms wake a stopped worker too; this only saves the wait. */
  async ringAlarm(name: string): Promise<void> {
    await this.inWorker((ringing) => {
      const { onAlarm } = chrome.alarms as unknown as { onAlarm: { dispatch(alarm: object): void } };
      onAlarm.dispatch({ name: ringing, scheduledTime: Date.now() });
    }, name);
  }

  // What can be seen without the worker

  /** Runs a function with the extension's own `chrome`, whether the worker runs or not. */
  async outside<R, A>(run: (argument: A) => R | Promise<R>, argument: A): Promise<R> {
    return this.running.probe.evaluate(run as never, argument) as Promise<R>;
  }

  async badge(): Promise<Badge> {
    return this.outside(async () => {
      const [text, title, color] = await Promise.all([
        chrome.action.getBadgeText({}),
        chrome.action.getTitle({}),
        chrome.action.getBadgeBackgroundColor({}),
      ]);
      return { text, title, color: [...color] };
    }, null);
  }

  async alarms(): Promise<chrome.alarms.Alarm[]> {
    return this.outside(() => chrome.alarms.getAll(), null);
  }

  /** A view as pages read it; undefined while the worker has not published it. */
  async published<K extends PublishedKey>(key: K): Promise<Published[K] | undefined> {
    // Views are stored as text (src/messages/published.ts).
    const text = await this.outside(
      async (wanted) => (await chrome.storage.session.get(wanted))[wanted] as string | undefined,
      key as string,
    );
    return text === undefined ? undefined : (JSON.parse(text) as Published[K]);
  }

  /** Waits until a view is as it should be, and returns it. */
  async untilPublished<K extends PublishedKey>(
    key: K,
    holds: (view: Published[K]) => boolean,
    timeoutMs = 15_000,
  ): Promise<Published[K]> {
    let view: Published[K] | undefined;
    await until(
      key,
      async () => {
        view = await this.published(key);
        if (view && holds(view)) return true;
        throw new Error(JSON.stringify(view)?.slice(0, 400) ?? 'nothing published');
      },
      timeoutMs,
    );
    return view as Published[K];
  }

  // The user

  /** See Manager.grant: the extension's next click that asks for it is answered yes. */
  async grant(pattern: string): Promise<void> {
    await this.running.manager.grant(pattern);
  }

  async revoke(pattern: string): Promise<void> {
    await this.running.manager.revoke(pattern);
  }

  /** The popup's page in a tab of the popup's size. */
  async openPopup(): Promise<Page> {
    return this.openPage('src/pages/popup/index.html', POPUP);
  }

  async openOptions(): Promise<Page> {
    return this.openPage('src/pages/options/index.html');
  }

  async openConsole(hash = ''): Promise<Page> {
    return this.openPage(`src/pages/console/index.html${hash}`);
  }

  // No errors at all

  /** Everything that went wrong unseen: uncaught errors of worker and pages, manifest errors, warnings. A clean run gives []. */
  async runtimeErrors(): Promise<string[]> {
    const { errors, wasStopped } = this.running.serviceWorker;
    const all = [...errors, ...(await this.running.manager.errors())];
    return wasStopped ? all.filter((error) => !CUT_OFF.test(error)) : all;
  }

  private async openPage(path: string, size?: typeof POPUP): Promise<Page> {
    const page = await this.context.newPage();
    if (size) await page.setViewportSize(size);
    await page.goto(`${this.origin}/${path}`);
    return page;
  }
}

/** Killed while Chromium still loads its modules, or while one of its own calls is on the way: no fault of the product. */
const CUT_OFF = /Failed to load the script unexpectedly|^(ERROR: )?(Uncaught \(in promise\) )?Error: No SW( \(|$)/;

async function start(profileDir: string, options: LaunchOptions): Promise<Running> {
  const id = extensionId(options.build ?? DEMO_BUILD);
  const origin = `chrome-extension://${id}`;
  const context = await openBrowser(profileDir, options);
  try {
    const manager = new Manager(context, id);
    const probe = context.pages()[0] ?? (await context.newPage());
    const patience = options.byHand ? BY_HAND_MS : 15_000;
    await until('the extension to be there', async () => (await probe.goto(`${origin}/manifest.json`))?.ok(), patience);
    await manager.collectErrors();
    if (options.by !== 'profile') for (const pattern of options.grant ?? []) await manager.grant(pattern);
    const serviceWorker = await ServiceWorker.watch(context, probe, origin);
    if (options.suspend ?? process.env.SUSPEND === '1')
      await suspendBeforeEveryMessage(
        context,
        () => serviceWorker.stop(),
        () => isSigningIn(probe),
      );
    return { context, manager, probe, serviceWorker };
  } catch (error) {
    await context.close();
    throw error;
  }
}

async function isSigningIn(probe: Page): Promise<boolean> {
  return probe.evaluate(async () => {
    const statuses = Object.entries(await chrome.storage.local.get()).filter(([key]) => key.endsWith('/auth'));
    return statuses.some(([, status]) => (status as { phase?: unknown }).phase === 'signingIn');
  });
}

/** Windows may still hold a file of a browser that has just ended. */
function removeProfile(profileDir: string): void {
  rmSync(profileDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
