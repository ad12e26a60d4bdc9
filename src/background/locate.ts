/**
 * Where a tenant of the public API lives: asked for once a person is signed in, with the tenant id of the token, and kept. With an issuer and a
 * client id, and nothing else typed, the rest is found.
 */
import { DiscoveryError, discoverApi } from '../cxone/discovery.ts';
import { hostOf } from '../domain/connection-hosts.ts';
import { type Discovered, isOfToday, NOT_DISCOVERED } from '../domain/discovered.ts';
import type { Exchange } from '../domain/http.ts';
import { authStatusItem, discoveredItem } from '../storage/items.ts';
import { log } from '../storage/log.ts';
import { type Config, loadConfig, loadConfigs } from './config.ts';
import { ruleRequests } from './request-rules.ts';

/** After a failure, so that a poll every half minute does not ask each time. */
const AGAIN_MS = 60_000;

/**
 * The connection with the address CXone tells, where that was left open.
 * @param again as of `locate`
 * @returns null: removed meanwhile
 */
export async function located(config: Config, exchange: Exchange, again = false): Promise<Config | null> {
  if (!(await locate(config, exchange, again).catch(() => false))) return config;
  // The host that was found is one of ours from now on.
  await ruleRequests((await loadConfigs()).map(({ connection }) => connection));
  return loadConfig(config.connection.id);
}

/**
 * Asks where the API is, where that is due.
 * @param again somebody wants to know: what failed a moment ago is asked again
 * @returns whether anything about the connection changed: read it again
 */
async function locate({ connection }: Config, exchange: Exchange, again: boolean): Promise<boolean> {
  const { id, profile, issuer } = connection;
  if (profile !== 'public' || issuer === '') return false;
  const item = discoveredItem(id);
  const [known, { phase, tenantId: ofToken }] = await Promise.all([item.get(), authStatusItem(id).get()]);
  // An address that was typed is taken as it is.
  if (connection.apiBaseUrl !== '' && known.apiBaseUrl !== connection.apiBaseUrl) return false;
  const tenantId = ofToken || connection.tenantId;
  if (phase !== 'signedIn' || tenantId === '') return false;
  const same = known.issuer === issuer && known.tenantId === tenantId;
  const ageMs = Date.now() - known.atMs;
  const fresh = known.apiBaseUrl !== '' ? isOfToday(known.atMs, Date.now()) : ageMs >= 0 && ageMs < (again ? 0 : AGAIN_MS);
  if (same && fresh) return false;
  // The version found in place of the one that is set goes with it: the tenant may have gained that one.
  const base: Discovered = { ...NOT_DISCOVERED, issuer, tenantId, atMs: Date.now() };
  try {
    const { apiBaseUrl, uiUrl } = await discoverApi(exchange, issuer, tenantId);
    const now = await authStatusItem(id).get();
    // Signed out meanwhile, or in at another tenant: this is no place for whoever comes next.
    if (now.phase !== phase || now.tenantId !== ofToken) return false;
    await item.update(() => ({ ...base, apiBaseUrl, uiUrl }));
    return apiBaseUrl !== known.apiBaseUrl || known.apiPrefix !== '';
  } catch (error) {
    const { mistake, url, hosts } =
      error instanceof DiscoveryError ? error : new DiscoveryError('configuration', issuer, 'unreachable');
    await log('discovery-failed', { connection: id, failure: mistake });
    const notFound = { mistake, where: hosts.length > 0 ? hosts.join(', ') : hostOf(url) };
    // What was found before is kept: the document may be down while the API is up.
    await item.update((kept) => ({ ...(same ? { ...kept, atMs: base.atMs } : base), notFound }));
    return true;
  }
}
