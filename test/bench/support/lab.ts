/** The bench's browser: our extension and an empty one in it, signed in to a tenant of ten thousand. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '@playwright/test';
import type { Settings } from '../../../src/domain/settings.ts';
import { Extension } from '../../e2e/support/extension.ts';
import { connect, signInFromPopup } from '../../e2e/support/flows.ts';
import { LOOPBACK } from '../../e2e/support/launch.ts';
import { until } from '../../e2e/support/wait.ts';
import type { StateCode } from '../../tenant/simulation.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { type EmptyExtension, loadEmptyExtension } from './empty-extension.ts';
import { onePoll } from './probe.ts';

const AGENTS = 10_000;
const ALERTS = 30;
/** Names come in pages of so many, and a last one that is empty. */
const PAGE = 1000;
/** About what changes in 3 s on a busy floor. */
const CHANGING = 300;
/** Real alarms must not poll between two measured polls: as seldom as is allowed. */
const POLL_SECONDS = 900;
const STATES: readonly StateCode[] = ['READY', 'ON_CONTACT', 'WRAP_UP', 'NOT_READY'];

export class Lab {
  private turn = 0;

  private constructor(
    readonly extension: Extension,
    readonly tenant: Tenant,
    readonly empty: EmptyExtension,
  ) {}

  static async open(build: string): Promise<Lab> {
    const tenant = await startTenant({ agents: AGENTS, frozen: true });
    let extension: Extension | null = null;
    try {
      // In the profile: `--disable-extensions-except` of the other way would keep the empty one out.
      extension = await Extension.launch({ build, by: 'profile', grant: [LOOPBACK], suspend: false });
      const empty = await loadEmptyExtension(extension.context);
      const lab = new Lab(extension, tenant, empty);
      await (await connect(extension, tenant)).close();
      await signInFromPopup(extension);
      await extension.untilPublished('view.glance', ({ total }) => total === AGENTS, 60_000);
      await lab.untilNamed();
      await lab.fillAlertLog();
      return lab;
    } catch (error) {
      await extension?.close();
      await tenant.close();
      throw error;
    }
  }

  get browser(): Browser {
    const browser = this.extension.context.browser();
    if (!browser) throw new Error('This browser has no debugging session of its own.');
    return browser;
  }

  get statesUrl(): string {
    return `${this.tenant.apiBaseUrl}/api/v2/agents/states`;
  }

  /** The first `count` of the tenant's agents. */
  agentIds(count: number): string[] {
    return this.tenant.sim.agents.slice(0, count).map(({ person }) => person.id);
  }

  /** Exactly these are watched, chosen as the options page does. */
  async watch(agentIds: readonly string[]): Promise<void> {
    const page = await this.extension.openOptions();
    // tsx names inner functions by a helper that is not there inside the browser.
    await page.evaluate('globalThis.__name ??= (named) => named');
    await page.evaluate(
      async ([ids, pollSeconds]) => {
        const { version } = chrome.runtime.getManifest();
        const ask = async (type: string, request: object) => {
          const answer = await chrome.runtime.sendMessage({ type, version, request });
          if (!answer?.ok) throw new Error(`${type}: ${answer?.error.message ?? 'no answer'}`);
          return answer.value;
        };
        const { watchedAgentIds, ...settings }: Settings = (await ask('settings', {})).settings;
        await ask('saveSettings', { settings: { ...settings, pollSeconds } });
        await ask('watch', { agentIds: watchedAgentIds.filter((agentId) => !ids.includes(agentId)), on: false });
        await ask('watch', { agentIds: ids, on: true });
      },
      [[...agentIds], POLL_SECONDS] as const,
    );
    await page.close();
    await this.extension.untilPublished('view.glance', ({ rows }) => rows.length === agentIds.length);
    await this.settle();
  }

  /** 3 % of the agents go to another state. */
  someChange(): void {
    const { sim } = this.tenant;
    const first = this.turn++ * CHANGING;
    for (let index = first; index < first + CHANGING; index++) {
      // 7919 is prime to the number of agents: each turn is about others, spread over the whole list.
      const agent = sim.agents[(index * 7919) % sim.agents.length];
      const state = STATES[(STATES.indexOf(agent?.state ?? 'READY') + 1) % STATES.length];
      if (agent && state) sim.set(agent, { state });
    }
    sim.allRowsText();
  }

  /** The first poll is followed by the names of all: until they are there, and written, nothing may be measured. */
  private async untilNamed(): Promise<void> {
    const { tenant } = this;
    const pages = () => tenant.log.since(0).filter(({ path, status }) => path.endsWith('/agents') && status === 200);
    await until('all names', () => pages().length > AGENTS / PAGE);
    await sleep(2000);
  }

  /** A supervisor's usual alert log: thirty agents were logged out at the wrong time. */
  private async fillAlertLog(): Promise<void> {
    const { sim } = this.tenant;
    const agents = sim.agents.slice(0, ALERTS);
    for (const state of ['READY', 'LOGOUT', 'READY'] as const) {
      for (const agent of agents) sim.set(agent, { state });
      if (state === 'READY') await this.watch(this.agentIds(ALERTS));
      await onePoll(this.extension);
      await this.settle();
    }
  }

  /** For scripts: an access token of the demo user. */
  async accessToken(): Promise<string> {
    const scopes = ['view:agent', 'view:interaction'];
    const response = await fetch(`${this.tenant.control}/token`, { method: 'POST', body: JSON.stringify({ scopes }) });
    const { access_token } = (await response.json()) as { access_token: string };
    return access_token;
  }

  /** What follows the badge (notifications, names) comes to rest. */
  async settle(): Promise<void> {
    await sleep(150);
  }

  async close(): Promise<void> {
    await this.extension.close();
    this.empty.remove();
    await this.tenant.close();
  }
}
