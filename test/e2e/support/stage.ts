/**
 * One tenant and one signed-in browser for a whole file of diagnoses: each begins where nothing is wrong, brings its fault about as it comes
 * about in life, and leaves nothing behind.
 */
import type { Page } from '@playwright/test';
import type { Profile } from '../../../src/domain/connection.ts';
import type { FaultSpec } from '../../tenant/faults.ts';
import { SUBJECT } from '../../tenant/scenarios.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { lookAway, noneByItself, send } from './diagnosis.ts';
import { Extension } from './extension.ts';
import { type SignInAnswer, setUp, signIn } from './flows.ts';
import { LOOPBACK } from './launch.ts';
import { askForEverybody, control, poll, pollUntil } from './polling.ts';
import { dropAccessToken } from './storage.ts';

/** How a fault comes about. */
export interface Situation {
  /** Name of a scenario of the tenant; calm by default. */
  scenario?: string;
  /** Armed beside the scenario: what it does not bring by itself. */
  faults?: FaultSpec[];
  /** The scenario before it, which a poll has seen. */
  after?: string;
  /**
   * `poll`: it is there at the next poll. `signIn`: at a new sign-in. `renewal`: at the next renewal; `secondRenewal`: at the one after it.
   * `hosts`: the browser takes away the access to the tenant.
   */
  at?: 'poll' | 'signIn' | 'renewal' | 'secondRenewal' | 'hosts';
  /** A second poll follows, which asks what changed since the first. */
  polledAgain?: boolean;
  /** Who signs in; demo by default. */
  account?: SignInAnswer['account'];
}

export class Stage {
  /** When the last grant was written down before the situation; another one since means a new sign-in to begin the next one with. */
  private grantMs = 0;
  private withoutHosts = false;

  private constructor(
    readonly tenant: Tenant,
    readonly extension: Extension,
    /** A tab of the console that nobody looks at. */
    readonly page: Page,
  ) {}

  static async open(profile: Profile = 'v2'): Promise<Stage> {
    const tenant = await startTenant({ frozen: true, profile });
    const extension = await Extension.launch({ grant: [LOOPBACK] }).catch(async (error: unknown) => {
      await tenant.close();
      throw error;
    });
    await lookAway(extension);
    await setUp(extension, tenant);
    return new Stage(tenant, extension, await extension.openConsole());
  }

  async close(): Promise<void> {
    await this.extension.close();
    await this.tenant.close();
  }

  /** Up to the moment in which a supervisor asks why. */
  async bringAbout({
    scenario = 'calm',
    faults = [],
    after,
    at = 'poll',
    polledAgain = false,
    account = 'demo',
  }: Situation): Promise<void> {
    const { tenant, extension } = this;
    this.grantMs = await this.lastGrantMs();
    await noneByItself(extension);
    if (after) {
      await control(tenant, '/scenario', { name: after });
      await poll(extension);
    }
    await control(tenant, '/scenario', { name: scenario });
    for (const fault of faults) await control(tenant, '/faults', fault);
    // What CXone answered to the situation before this one is forgotten with the worker.
    await extension.stopWorker();
    if (at === 'hosts') {
      this.withoutHosts = true;
      await extension.revoke(LOOPBACK);
    }
    if (at === 'signIn') await this.signIn(account);
    if (at === 'renewal' || at === 'secondRenewal') await this.renew();
    if (at === 'secondRenewal') await this.renew();
    // Again: a sign-in begins the count of them anew.
    await noneByItself(extension);
    // Without a token that can be used there is no poll, and none is needed: it is known already.
    if ((await extension.published('view.auth'))?.phase !== 'signedIn') return;
    await askForEverybody(extension);
    await poll(extension);
    if (polledAgain) await poll(extension);
  }

  /** Nothing is wrong any more, and everybody knows. */
  async mend(): Promise<void> {
    const { tenant, extension } = this;
    await control(tenant, '/scenario', { name: 'calm' });
    // A released agent stays as it is while the tenant's time stands still.
    await control(tenant, `/agents/${encodeURIComponent(SUBJECT)}`, { state: 'READY' });
    // A test may have given it back already; then nothing follows.
    if (this.withoutHosts && !(await this.mayAsk())) {
      const askedMs = (await extension.published('view.heartbeat'))?.askedMs ?? 0;
      await extension.grant(LOOPBACK);
      // The worker asks CXone at once: stopped in the middle of that, Chromium may lose the stop.
      await extension.untilPublished('view.heartbeat', (pulse) => pulse.askedMs > askedMs);
    }
    this.withoutHosts = false;
    await extension.stopWorker();
    await this.forgetWaiting();
    if ((await this.lastGrantMs()) !== this.grantMs) await this.signIn();
    await askForEverybody(extension);
    await pollUntil(extension, ({ problem, stale, rows }) => problem === null && !stale && rows.every(({ flag }) => !flag));
  }

  /** Whether Chrome lets the extension reach the tenant. */
  private async mayAsk(): Promise<boolean> {
    const { hosts = [] } = (await this.extension.published('view.glance'))?.connection ?? {};
    return this.extension.outside(
      (origins) => chrome.permissions.contains({ origins }),
      hosts.map((origin) => `${origin}/*`),
    );
  }

  /** A new session each time, so that nobody is signed in silently as somebody else. */
  private async signIn(account: SignInAnswer['account'] = 'demo'): Promise<void> {
    await control(this.tenant, '/sessions/end', {});
    await signIn(this.extension, async () => void (await send(this.page, 'signIn', {})), { account });
  }

  private async renew(): Promise<void> {
    const { extension } = this;
    const before = await this.lastGrantMs();
    await dropAccessToken(extension);
    await extension.ringAlarm('poll');
    await extension.untilPublished('view.auth', ({ ledger }) => (ledger.at(-1)?.atMs ?? 0) > before);
  }

  private async lastGrantMs(): Promise<number> {
    return (await this.extension.published('view.auth'))?.ledger.at(-1)?.atMs ?? 0;
  }

  /** As if the time a 429 asked for had passed. */
  private async forgetWaiting(): Promise<void> {
    await this.extension.outside(
      () =>
        new Promise<void>((resolve, reject) => {
          const open = indexedDB.open('agent-watch');
          open.onerror = () => reject(open.error);
          open.onsuccess = () => {
            const store = open.result.transaction('poll', 'readwrite').objectStore('poll');
            const cursor = store.openCursor();
            cursor.onsuccess = () => {
              const { result } = cursor;
              if (result) {
                result.value.state.notBeforeMs = 0;
                result.update(result.value);
                result.continue();
              }
            };
            store.transaction.oncomplete = () => {
              open.result.close();
              resolve();
            };
          };
        }),
      null,
    );
  }
}
