/** The whole worker, started as Chrome starts it, against a tenant; and a page that talks to it. */
import { vi } from 'vitest';
import type { Connection } from '../../../../src/domain/connection.ts';
import type { MessageType, Page, Reply, Request } from '../../../../src/messages/contract.ts';
import type { Glance, Published } from '../../../../src/messages/published.ts';
import type { Tenant } from '../../../tenant/tenant.ts';
import { EXTENSION_ID, fake, fakeBrowser, killFakeWorker } from '../../support/fake-browser.ts';
import { scripted } from '../../tenant/client.ts';
import { connectionTo } from './world.ts';

export interface Worker {
  send<T extends MessageType>(type: T, request: Request<T>, from?: Page): Promise<Reply<T>>;
  view<K extends keyof Published>(key: K): Promise<Published[K] | undefined>;
  glance(): Promise<Glance>;
}

/** Stores a connection that is signed in, as an earlier life of the worker left it. A second one is added behind the first. */
export async function signedIn(tenant: Tenant, watched: string[], token?: string, name = 'Demo'): Promise<Connection> {
  vi.resetModules();
  const connection = { ...connectionTo(tenant), name };
  const { connectionsItem, settingsItem, authStatusItem } = await import('../../../../src/storage/items.ts');
  const { writeAccess } = await import('../../../../src/auth/vault.ts');
  const { ownerOf } = await import('../../../../src/background/owner.ts');
  fake.granted.add(`${tenant.issuer}/*`).add(`${tenant.apiBaseUrl}/*`);
  const scopes = tenant.profile === 'public' ? ['openid'] : ['view:agent', 'view:interaction'];
  await connectionsItem.update(({ activeId, list }) => ({ activeId: activeId ?? connection.id, list: [...list, connection] }));
  await settingsItem(connection.id).update((settings) => ({
    ...settings,
    watchedAgentIds: watched.map((name) => tenant.sim.find(name)?.person.id ?? name),
  }));
  await authStatusItem(connection.id).update((status) => ({
    ...status,
    phase: 'signedIn',
    grantedScopes: scopes,
    effectiveScopes: scopes,
    tenantId: tenant.tenantId ?? '',
  }));
  const hour = 3_600_000;
  await writeAccess(connection.id, {
    token: token ?? (await scripted(tenant, scopes)),
    receivedMs: Date.now(),
    expiresMs: Date.now() + hour,
    renewMs: Date.now() + hour,
    generation: 'g',
    forced: false,
    owner: await ownerOf(connection),
  });
  return connection;
}

/** After the stored connection was changed by hand: the token is that of the connection as it is by now, and lasts. */
export async function ownToken(id: string, lastsMs = 3_600_000): Promise<void> {
  const { readAccess, writeAccess } = await import('../../../../src/auth/vault.ts');
  const { ownerOf } = await import('../../../../src/background/owner.ts');
  const { loadConfig } = await import('../../../../src/background/config.ts');
  const [access, config] = await Promise.all([readAccess(id), loadConfig(id)]);
  if (!access || !config) throw new Error('not signed in');
  const untilMs = Date.now() + lastsMs;
  await writeAccess(id, { ...access, owner: await ownerOf(config.connection), expiresMs: untilMs, renewMs: untilMs });
}

/** Starts the worker: a new life, nothing in memory. */
export async function boot(): Promise<Worker> {
  killFakeWorker();
  vi.resetModules();
  await import('../../../../src/background/main.ts');
  const { send } = await import('../../../../src/messages/send.ts');
  const worker: Worker = {
    send(type, request, from = 'popup') {
      fake.sender = { ...fake.sender, url: `chrome-extension://${EXTENSION_ID}/src/pages/${from}/index.html` };
      return send(type, request);
    },
    async view<K extends keyof Published>(key: K) {
      const text = (await fakeBrowser.storage.session.get(key))[key];
      return typeof text === 'string' ? (JSON.parse(text) as Published[K]) : undefined;
    },
    async glance() {
      const glance = await worker.view('view.glance');
      if (!glance) throw new Error('nothing was published');
      return glance;
    },
  };
  return worker;
}
