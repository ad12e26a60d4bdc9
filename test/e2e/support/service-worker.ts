/** The extension's service worker seen from outside: its boots, its errors, its notifications; and how to kill and wake it. */
import type { BrowserContext, CDPSession, Page } from '@playwright/test';
import { until } from './wait.ts';

/** One `notifications.create` of the worker. */
export interface Notified {
  id: string;
  options: chrome.notifications.NotificationCreateOptions;
}

/** Playwright types only some protocol calls; this passes on any. */
type Send = (method: string, params?: object) => Promise<Record<string, unknown>>;
const sender = (session: CDPSession): Send => (session.send as unknown as Send).bind(session);

const BINDING = '__notified';
/** Seen through the polyfill as well. Safe to run twice in one boot. */
const SPY = `(() => {
  if (typeof chrome === 'undefined' || globalThis.__spied) return;
  globalThis.__spied = true;
  const create = chrome.notifications.create;
  chrome.notifications.create = (...args) => {
    ${BINDING}(JSON.stringify(typeof args[0] === 'string' ? { id: args[0], options: args[1] } : { id: '', options: args[0] }));
    return create.apply(chrome.notifications, args);
  };
})()`;

interface ProtocolMessage {
  method?: string;
  params?: { name?: string; payload?: string; exceptionDetails?: { exception?: { description?: string }; text?: string } };
}

export class ServiceWorker {
  /** Everything the worker has notified, over all its boots, the oldest first. */
  readonly notified: Notified[] = [];
  /** Uncaught errors and unhandled rejections, over all boots. */
  readonly errors: string[] = [];
  /** Whether it has been killed: Chromium then holds against it what it could not finish. */
  wasStopped = false;
  /** How often it has started since we look; 1 after launch. */
  boots = 0;
  private readonly onBrowser: Send;
  private readonly onPage: Send;

  private constructor(
    private readonly origin: string,
    browser: CDPSession,
    page: CDPSession,
  ) {
    this.onBrowser = sender(browser);
    this.onPage = sender(page);
  }

  /** @param page any page that stays open: its session is the one that can stop workers. */
  static async watch(context: BrowserContext, page: Page, origin: string): Promise<ServiceWorker> {
    const browser = await context.browser()?.newBrowserCDPSession();
    if (!browser) throw new Error('This browser has no debugging session of its own.');
    const session = await context.newCDPSession(page);
    const worker = new ServiceWorker(origin, browser, session);
    await worker.onPage('ServiceWorker.enable');
    // After a browser restart only a listener of onStartup or an alarm starts it; without one it is for us to do.
    const targetId = await until('the service worker', () => worker.targetId(), 3_000).catch(() => worker.wake());
    // A session of our own: Chromium keeps it over the worker's death and next boot, so that the spy can be put back each time.
    const { sessionId } = await worker.onBrowser('Target.attachToTarget', { targetId, flatten: false });
    let sent = 0;
    const send = (method: string, params: object = {}) =>
      worker.onBrowser('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: ++sent, method, params }) });
    const listen = browser.on as unknown as (
      event: string,
      heard: (event: { sessionId: string; message: string }) => void,
    ) => void;
    listen.call(browser, 'Target.receivedMessageFromTarget', (event) => {
      if (event.sessionId !== sessionId) return;
      // A closed browser cannot take the answer, and needs none.
      if (worker.hear(JSON.parse(event.message))) void send('Runtime.evaluate', { expression: SPY }).catch(() => undefined);
    });
    await send('Runtime.addBinding', { name: BINDING });
    await send('Runtime.enable');
    await until('a first sight of the service worker', () => worker.boots);
    return worker;
  }

  async isRunning(): Promise<boolean> {
    return (await this.targetId()) !== undefined;
  }

  /** Kills it. Chromium loses about one stop in sixty, so this asks until it is really gone. */
  async stop(): Promise<void> {
    this.wasStopped = true;
    let asked = 0;
    await until('the worker to stop', async () => {
      if (asked++ % 5 === 0) await this.onPage('ServiceWorker.stopAllWorkers');
      return !(await this.isRunning());
    });
  }

  /** Wakes it without any event of the extension's own. Does nothing when it runs. */
  async start(): Promise<void> {
    if (await this.isRunning()) return;
    const { boots } = this;
    await this.wake();
    await until('the worker to start', () => this.boots > boots);
  }

  private async wake(): Promise<string> {
    await this.onPage('ServiceWorker.startWorker', { scopeURL: `${this.origin}/` });
    return until('the worker to start', () => this.targetId());
  }

  private async targetId(): Promise<string | undefined> {
    const { targetInfos } = (await this.onBrowser('Target.getTargets')) as unknown as {
      targetInfos: { targetId: string; type: string; url: string }[];
    };
    return targetInfos.find(({ type, url }) => type === 'service_worker' && url.startsWith(this.origin))?.targetId;
  }

  /** @returns whether the spy should be put in now: at the first it may be too early, at the second it is not too late for what comes. */
  private hear({ method, params }: ProtocolMessage): boolean {
    if (method === 'Runtime.executionContextCreated') this.boots++;
    else if (method === 'Runtime.bindingCalled' && params?.name === BINDING)
      this.notified.push(JSON.parse(params.payload ?? '{}'));
    else if (method === 'Runtime.exceptionThrown')
      this.errors.push(params?.exceptionDetails?.exception?.description ?? params?.exceptionDetails?.text ?? 'unknown error');
    return method === 'Runtime.executionContextCreated' || method === 'Inspector.workerScriptLoaded';
  }
}
