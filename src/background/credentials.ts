/** Sign-in as the worker has it: where the tokens and secrets of each connection are kept, who may use them, and when they have to go. */
import { type Auth, createAuth } from '../auth/auth.ts';
import { type Grant, type Secret, type SecretStore, sessionStore } from '../auth/vault.ts';
import { createExchange } from '../cxone/http.ts';
import type { Connection, ConnectionId } from '../domain/connection.ts';
import { connectionHosts } from '../domain/connection-hosts.ts';
import type { Exchange } from '../domain/http.ts';
import { authStatusItem, connectionsItem, metadataItem, settingsItem, transactionItem } from '../storage/items.ts';
import { log } from '../storage/log.ts';
import { policy } from '../storage/policy.ts';
import { sealed } from '../storage/sealed.ts';
import { chaosStep } from './chaos-step.ts';
import { ownerOf } from './owner.ts';

export const exchangeFor = (connection: Connection): Exchange => createExchange(() => connectionHosts(connection));

async function persists(id: ConnectionId): Promise<boolean> {
  return (await policy()).persistSession ?? (await settingsItem(id).get()).persistSession;
}

const keeper = <T>(id: ConnectionId, what: string, persist: boolean): SecretStore<T> =>
  persist ? sealed<T>(`${id}/${what}`) : sessionStore<T>(`${id}/${what}`);

/** On disk, encrypted; or in memory only, where policy or the user wants every browser start to begin with a sign-in. */
async function vaultFor<T>(id: ConnectionId, what: string): Promise<SecretStore<T>> {
  return keeper<T>(id, what, await persists(id));
}

/** After the choice changed: grant and secret move, and nothing of them stays where it may not be. */
export async function moveVault(id: ConnectionId): Promise<void> {
  const persist = await persists(id);
  for (const what of ['grant', 'secret']) {
    const from = keeper<unknown>(id, what, !persist);
    const to = keeper<unknown>(id, what, persist);
    const kept = await from.read();
    if (kept === 'absent') continue;
    if (kept !== 'unreadable' && (await to.read()) === 'absent') await to.write(kept.value, kept.generation, null);
    await from.erase();
  }
}

/** Whether policy allows the connection's way of signing in. */
async function isAllowed({ grant }: Connection): Promise<boolean> {
  return (await policy()).grants?.includes(grant) ?? true;
}

export const auth: Auth = createAuth({
  exchange: exchangeFor,
  origins: connectionHosts,
  metadata: metadataItem,
  status: authStatusItem,
  transaction: transactionItem,
  vault: (id) => vaultFor<Grant>(id, 'grant'),
  secret: (id) => vaultFor<Secret>(id, 'secret'),
  allows: isAllowed,
  owner: ownerOf,
  log,
  step: chaosStep,
});

/**
 * What is kept of a way of signing in that policy forbids, or of another tenant, goes: tokens and secret. Policy may have changed while nobody
 * was there to see it, so this looks at what is kept and not at what was known before.
 * @param before the connection as it was, where that is known: its provider is told
 */
export async function turnOut(connection: Connection, before: Connection = connection): Promise<void> {
  const held = await auth.holds(connection);
  if (held === 'nothing') return;
  const own = (await connectionsItem.get()).list.find(({ id }) => id === connection.id);
  // An earlier version did not write down whose it is: then it came the way the connection was stored with.
  const other = held === 'other' || (held === 'unmarked' && own !== undefined && own.grant !== connection.grant);
  if (other || before.grant !== connection.grant || !(await isAllowed(connection))) await auth.signOut(before);
}
