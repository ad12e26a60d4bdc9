/** The bench's browser: our extension and an empty one in it, signed in to a tenant of ten thousand. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '@playwright/test';
import type { Settings } from '../../../src/domain/settings.ts';
import { Extension } from '../../e2e/support/extension.ts';
import { connect, signInFromPopup } from '../../e2e/support/flows.ts';
import { LOOPBACK } from '../../e2e/support/launch.ts';
import type { StateCode } from '../../tenant/simulation.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';

const AGENTS = 10_000;
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
  ) {}

  static async open(build: string): Promise<Lab> {
    const tenant = await startTenant({ agents: AGENTS, frozen: true });
    try {
      const extension = await Extension.launch({ build, by: 'profile', grant: [LOOPBACK], suspend: false });
      const lab = new Lab(extension, tenant);
      await (await connect(extension, tenant)).close();
      await signInFromPopup(extension);
      await extension.untilPublished('view.glance', ({ total }) => total === AGENTS, 60_000);
      return lab;
    } catch (error) {
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

  /** As the options page saves it. */
  async watch(watchedAgentIds: readonly string[]): Promise<void> {
    const page = await this.extension.openOptions();
    await page.evaluate(
      async ([ids, pollSeconds]) => {
        const { version } = chrome.runtime.getManifest();
        const { value } = await chrome.runtime.sendMessage({ type: 'settings', version, request: {} });
        const settings: Settings = { ...value.settings, watchedAgentIds: ids, pollSeconds };
        const saved = await chrome.runtime.sendMessage({ type: 'saveSettings', version, request: { settings } });
        if (!saved.ok) throw new Error(saved.error.message);
      },
      [[...watchedAgentIds], POLL_SECONDS] as const,
    );
    await page.close();
    await this.extension.untilPublished('view.glance', ({ rows }) => rows.length === watchedAgentIds.length);
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
    await this.tenant.close();
  }
}
