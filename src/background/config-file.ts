/** What the options page is told about policy and what was found out, beside the connection and its settings. */
import type { Connection } from '../domain/connection.ts';
import { prefixesFor } from '../domain/connection-profile.ts';
import { connectionsItem, discoveredItem } from '../storage/items.ts';
import { policy } from '../storage/policy.ts';

/**
 * The connection as it was typed, policy laid over it, without what CXone has told since: the form shows this, and a save is compared with
 * it. Else what was found would be taken for typed at the next save, and never be looked up again.
 */
export async function typedConnection(connection: Connection): Promise<Connection> {
  if (connection.profile !== 'public') return connection;
  const [{ list }, { apiBaseUrl, apiPrefix }] = await Promise.all([connectionsItem.get(), policy()]);
  const own = list.find(({ id }) => id === connection.id);
  return {
    ...connection,
    apiBaseUrl: apiBaseUrl ?? own?.apiBaseUrl ?? '',
    apiPrefix: apiPrefix ?? own?.apiPrefix ?? prefixesFor('public')[0],
  };
}

/** Where CXone said the API of this connection is; '' = not asked, or not found. */
export async function foundApi({ id, issuer }: Connection): Promise<string> {
  const found = await discoveredItem(id).get();
  return found.issuer === issuer ? found.apiBaseUrl : '';
}
