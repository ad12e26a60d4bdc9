/** Whose a token or a secret is. The id of a connection stays when it is led to another tenant, so the id alone says nothing. */
import type { Connection } from '../domain/connection.ts';
import { discoveredItem } from '../storage/items.ts';
import { TENANT_KEYS } from './config.ts';

/**
 * Tenant, client and way in, as one text. Of the public API an address that CXone told of this issuer counts as left open: it is found with
 * the very token.
 */
export async function ownerOf(connection: Connection): Promise<string> {
  const { profile, issuer, apiBaseUrl } = connection;
  const found = profile === 'public' && apiBaseUrl !== '' ? await discoveredItem(connection.id).get() : null;
  const typed = found?.issuer === issuer && found.apiBaseUrl === apiBaseUrl ? { ...connection, apiBaseUrl: '' } : connection;
  return JSON.stringify([...TENANT_KEYS, 'grant' as const].map((key) => typed[key]));
}
