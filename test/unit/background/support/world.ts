/** A tenant over real HTTP, and what a worker needs to poll it: each `world()` is a connection of its own. */
import { vi } from 'vitest';
import type { Auth } from '../../../../src/auth/auth.ts';
import type { Config } from '../../../../src/background/config.ts';
import { createPoller, type Poller, type PollReason } from '../../../../src/background/poll.ts';
import { createExchange } from '../../../../src/cxone/http.ts';
import type { CxonePort } from '../../../../src/cxone/port.ts';
import { v2Profile } from '../../../../src/cxone/profiles/v2.ts';
import { SIGNED_OUT } from '../../../../src/domain/auth-status.ts';
import { type Connection, EMPTY_DRAFT } from '../../../../src/domain/connection.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../../src/domain/settings.ts';
import type { Published } from '../../../../src/messages/published.ts';
import { authStatusItem } from '../../../../src/storage/items.ts';
import { loadKnown } from '../../../../src/storage/poll-store.ts';
import type { FaultSpec } from '../../../tenant/faults.ts';
import type { Agent } from '../../../tenant/simulation.ts';
import type { Tenant } from '../../../tenant/tenant.ts';
import { fake, fakeBrowser } from '../../support/fake-browser.ts';
import { scripted } from '../../tenant/client.ts';

/** Node's fetch hands out the 302 itself; a browser's says no more than that there was one. */
export function fetchAsInABrowser(): void {
  const real = globalThis.fetch;
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const response = await real(url, init);
    if (init.redirect !== 'manual' || response.status < 300 || response.status > 399 || response.status === 304) return response;
    return Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' });
  });
}

export interface World {
  connection: Connection;
  settings: Settings;
  config: Config;
  auth: Auth;
  renewals: number;
  poller: Poller;
  /** Another life of the worker: nothing remembered but what is stored. */
  restart(): void;
  poll(reason?: PollReason): Promise<boolean>;
  known(): ReturnType<typeof loadKnown>;
  heartbeat(): Promise<Published['view.heartbeat'] | undefined>;
  /** Paths and queries of what the tenant was asked since the last call. */
  asked(): string[];
  agent(name: string): Agent;
}

export function connectionTo(tenant: Tenant): Connection {
  return {
    ...EMPTY_DRAFT,
    id: crypto.randomUUID(),
    name: 'Demo',
    issuer: tenant.issuer,
    clientId: tenant.clientId,
    // Of the public API nothing else is typed: the rest is found.
    ...(tenant.profile === 'public'
      ? { profile: 'public' as const, apiPrefix: '/inContactAPI/services/v34.0' }
      : { apiBaseUrl: tenant.apiBaseUrl }),
  };
}

/** @param portOf a port of the test's own instead of the tenant's */
export async function world(tenant: Tenant, watched: string[] = [], portOf?: CxonePort): Promise<World> {
  const connection = connectionTo(tenant);
  fake.granted.add(`${tenant.issuer}/*`);
  const token = await scripted(tenant);
  let seq = 0;
  const agent = (name: string): Agent => {
    const found = tenant.sim.find(name);
    if (!found) throw new Error(`no agent ${name}`);
    return found;
  };
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    watchedAgentIds: watched.map((name) => tenant.sim.find(name)?.person.id ?? name),
  };
  await authStatusItem(connection.id).update(() => ({ ...SIGNED_OUT, phase: 'signedIn', organisationId: 'org' }));
  const access = () => ({ token, receivedMs: 0, expiresMs: 0, renewMs: 0, generation: 'g', forced: false, owner: '' });
  const port =
    portOf ??
    v2Profile(
      connection,
      createExchange(() => [tenant.issuer]),
    );
  const self: World = {
    connection,
    settings,
    config: { connection, settings, locked: [], writes: { enabled: true, maxRows: 5000 }, active: true },
    renewals: 0,
    auth: {
      async accessToken(_connection, rejected) {
        if (rejected) {
          self.renewals++;
        }
        return { ok: true, access: access() };
      },
      signIn: async () => {},
      cancelSignIn: async () => {},
      signOut: async () => ({ told: Promise.resolve() }),
      nameInterrupted: async () => {},
      resume: async () => {},
      recheckTenant: async () => {},
      recheckScopes: async () => {},
      tokenScopes: async () => null,
      setSecret: async () => {},
      hasSecret: async () => false,
      holds: async () => 'own' as const,
      subject: async () => 'demo',
    },
    poller: createPoller({} as Auth, () => port),
    restart() {
      self.poller = createPoller(self.auth, () => port);
    },
    poll: async (reason = 'alarm') => (await self.poller.poll(self.config, reason)).asked,
    known: () => loadKnown(connection.id),
    heartbeat: async () => {
      const text = (await fakeBrowser.storage.session.get('view.heartbeat'))['view.heartbeat'];
      return typeof text === 'string' ? (JSON.parse(text) as Published['view.heartbeat']) : undefined;
    },
    asked() {
      const entries = tenant.log.since(seq).filter(({ path }) => path.startsWith('/api/'));
      seq = entries.at(-1)?.seq ?? seq;
      return entries.map(({ path, query }) => (query.agentId === undefined ? path : `${path}?agentId=${query.agentId}`));
    },
    agent,
  };
  self.restart();
  self.asked();
  return self;
}

/** Arms faults of the tenant. */
export function arm(tenant: Tenant, ...faults: FaultSpec[]): void {
  for (const fault of faults) tenant.faults.arm({ ...fault });
}

/** Moves our clock and nothing else; `vi.useRealTimers()` puts it right. */
export function atTime(ms: number): void {
  vi.useFakeTimers({ now: ms, toFake: ['Date'] });
}
