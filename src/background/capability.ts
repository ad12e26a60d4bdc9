/**
 * Switching on what a connection is used for besides watching. Its scopes are asked for in that moment, and nothing is saved before the person
 * has agreed: a window that is closed, or a provider that refuses, leaves everything as it was.
 */
import { type Connection, requiredScopes, type Switchable, withCapability } from '../domain/connection.ts';
import { lacking } from '../domain/scopes.ts';
import { authStatusItem, connectionsItem } from '../storage/items.ts';
import { log } from '../storage/log.ts';
import { type Config, loadConfig, loadConfigs } from './config.ts';
import { typedConnection } from './config-file.ts';
import { auth } from './credentials.ts';
import { ruleRequests } from './request-rules.ts';
import { Refusal } from './router.ts';
import { batcher, cycle, historian, show, throughSignIn } from './services.ts';

export async function useCapability(config: Config, capability: Switchable, on: boolean): Promise<void> {
  const { connection, locked } = config;
  const isOn = connection.capabilities.includes(capability);
  if (isOn !== on && locked.includes('capabilities')) throw new Refusal('invalid', 'error_capabilityFixed');
  if (!on) {
    if (isOn) await save(config, capability, false);
    if (capability === 'history') await historian.forget(connection.id);
    else await batcher.halt(connection.id, 'capabilityOff');
    return;
  }
  const next = withCapability(connection, capability, true, !locked.includes('scopes'));
  const { effectiveScopes } = await authStatusItem(connection.id).get();
  // It is on, and asked for all the same: CXone has refused although the token seems to have what it takes.
  const again = isOn && connection.profile === 'v2';
  if (!again && lacking(requiredScopes(next), effectiveScopes).length === 0) {
    if (!isOn) await save(config, capability, true);
    await goOn(connection);
    return;
  }
  // Not awaited: the window may stay open for minutes, and `view.auth` tells.
  void askFor(config, capability, next).catch(() => log('capability-failed', { connection: connection.id }));
}

async function askFor(config: Config, capability: Switchable, next: Connection): Promise<void> {
  const { id } = next;
  await throughSignIn(next, true);
  const { failure, phase } = await authStatusItem(id).get();
  const now = await loadConfig(id);
  const well = failure === null && (phase === 'signedIn' || phase === 'scopeLost');
  if (well && now && !now.connection.capabilities.includes(capability)) await save(now, capability, true);
  await show();
  if (well && now) await goOn(config.connection);
  // Another one may be shown by now.
  await cycle('alarm', id);
}

/** What was refused before is asked for again. */
async function goOn({ id }: Connection): Promise<void> {
  const config = await loadConfig(id);
  if (config?.active) await historian.again(config);
}

async function save({ connection, locked }: Config, capability: Switchable, on: boolean): Promise<void> {
  const { id } = connection;
  const typed = await typedConnection(connection);
  const change = (own: Connection) => withCapability(own, capability, on, !locked.includes('scopes'));
  await connectionsItem.update(({ activeId, list }) => ({
    activeId: activeId ?? id,
    // One that policy alone has made is kept from now on, as when it is saved by hand.
    list: list.some((own) => own.id === id) ? list.map((own) => (own.id === id ? change(own) : own)) : [...list, change(typed)],
  }));
  const saved = await loadConfig(id);
  if (saved) await auth.recheckScopes(saved.connection);
  await ruleRequests((await loadConfigs()).map((config) => config.connection));
  await log(on ? 'capability-on' : 'capability-off', { connection: id, field: capability });
  await show();
}
