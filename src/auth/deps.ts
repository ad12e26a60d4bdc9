/** What the room needs from outside: it knows neither who fetches nor where things are kept. */
import type { AuthStatus } from '../domain/auth-status.ts';
import type { Connection, ConnectionId } from '../domain/connection.ts';
import type { Exchange } from '../domain/http.ts';
import { type MetadataStore, resolveProvider } from './provider.ts';
import type { TokenCall } from './token-endpoint.ts';
import type { Grant, Secret, SecretStore } from './vault.ts';
import type { Transaction } from './web-flow.ts';

interface Stored<T> {
  get(): Promise<T>;
  update(change: (value: T) => T): Promise<T>;
}

export interface AuthDeps {
  exchange(connection: Connection): Exchange;
  origins(connection: Connection): string[];
  metadata(id: ConnectionId): MetadataStore;
  status(id: ConnectionId): Stored<AuthStatus>;
  /** The transaction of a sign-in under way; memory only. */
  transaction(id: ConnectionId): Stored<Transaction | null>;
  vault(id: ConnectionId): Promise<SecretStore<Grant>>;
  /** The service account's secret or the access key, where the connection needs one; kept where the grant is kept. */
  secret(id: ConnectionId): Promise<SecretStore<Secret>>;
  /** Whose a token of this connection is: its tenant, client and way in. Another text, and nothing that is kept may be used for it. */
  owner(connection: Connection): Promise<string>;
  /** Whether the organisation's policy allows the connection's way of signing in. */
  allows(connection: Connection): Promise<boolean>;
  log(event: string, facts: Record<string, string | number>): Promise<void>;
  /** A named point at which the chaos campaign may kill the worker; nothing in production. */
  step(name: string): Promise<void>;
}

/** The provider of a connection, ready to be asked. */
export async function callTo(deps: AuthDeps, connection: Connection): Promise<TokenCall> {
  const exchange = deps.exchange(connection);
  const provider = await resolveProvider(connection, exchange, deps.metadata(connection.id), deps.origins(connection));
  return { provider, connection, exchange };
}
