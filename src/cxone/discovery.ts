/** Where a tenant of the public API lives: the second discovery document of CXone, asked for with the `tenantId` of the token (facts/cxone-api.md section 1). */

import { isAllowedApiHost } from '../domain/cxone-domains.ts';
import type { DiscoveryMistake } from '../domain/discovered.ts';
import { type Exchange, type HttpAnswer, HttpError } from '../domain/http.ts';

const CAP_BYTES = 1024 * 1024;
const MAX_TEXT = 200;
/** `https://au1.nice-incontact.com`: the host of one area alone, which answers for its own tenants. */
const AREA_HOST = /^([a-z]{2}\d{1,2})\.nice-?incontact\.com$/;

export interface DiscoveredApi {
  /** Origin of the API, no trailing slash: what `Connection.apiBaseUrl` holds. */
  apiBaseUrl: string;
  /** Address of the pages for people; '' when not said. */
  uiUrl: string;
  /** E.g. `na1`; '' when not said. */
  area: string;
  /** E.g. `c32`; '' when not said. */
  cluster: string;
  tenantId: string;
}

/** `configuration`: asking for the document. `hosts`: looking at where it leads. */
export type DiscoveryStep = 'configuration' | 'hosts';

export class DiscoveryError extends Error {
  readonly step: DiscoveryStep;
  /** The address asked; nothing in it is secret. */
  readonly url: string;
  readonly mistake: DiscoveryMistake;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** The hosts that were refused, for `hostRefused`. */
  readonly hosts: readonly string[];
  constructor(step: DiscoveryStep, url: string, mistake: DiscoveryMistake, status = 0, hosts: readonly string[] = []) {
    super(mistake);
    this.name = 'DiscoveryError';
    this.step = step;
    this.url = url;
    this.mistake = mistake;
    this.status = status;
    this.hosts = hosts;
  }
}

/**
 * Asks without a token, and checks every host found before any token can be sent there.
 *
 * @param exchange the guarded fetch; the issuer's host must be on its list
 * @param tenantId from the token; '' asks the host of an area for the tenant it stands for
 * @param typedHosts hosts the admin typed, allowed besides CXone's own
 * @throws DiscoveryError
 */
export async function discoverApi(
  exchange: Exchange,
  issuer: string,
  tenantId: string,
  typedHosts: readonly string[] = [],
): Promise<DiscoveredApi> {
  const query = tenantId === '' ? '' : `?tenantId=${encodeURIComponent(tenantId)}`;
  const url = `${issuer.replace(/\/+$/, '')}/.well-known/cxone-configuration${query}`;
  const asked = areaOf(issuer);
  const answer = await configuration(exchange, url, asked);
  const document = record(answer.text);
  if (document === null) throw new DiscoveryError('configuration', url, 'notJson', answer.status);
  const api = text(document.api_endpoint);
  if (!URL.canParse(api)) throw new DiscoveryError('configuration', url, 'wrongShape', answer.status);

  const found = { area: text(document.area), cluster: text(document.cluster), tenantId: text(document.tenantId) || tenantId };
  if (tenantId !== '' && found.tenantId.toLowerCase() !== tenantId.toLowerCase())
    throw new DiscoveryError('configuration', url, 'unknownTenant', answer.status);
  if (asked !== '' && found.area !== '' && found.area.toLowerCase() !== asked)
    throw new DiscoveryError('configuration', url, 'wrongArea', answer.status);

  const ui = text(document.ui_endpoint);
  const refused = [api, ui].filter((address) => address !== '' && !isAllowedApiHost(issuer, typedHosts, address, __DEMO__));
  if (refused.length > 0)
    throw new DiscoveryError('hosts', url, 'hostRefused', answer.status, [...new Set(refused.map(hostOrText))]);
  return { apiBaseUrl: new URL(api).origin, uiUrl: ui === '' ? '' : new URL(ui).href, ...found };
}

/** @param area the area the host asked stands for; '' when it stands for all */
async function configuration(exchange: Exchange, url: string, area: string): Promise<HttpAnswer> {
  const failed = (mistake: DiscoveryMistake, status = 0) => new DiscoveryError('configuration', url, mistake, status);
  let answer: HttpAnswer;
  try {
    answer = await exchange(url, { headers: { accept: 'application/json' } }, CAP_BYTES);
  } catch (error) {
    const code = error instanceof HttpError ? error.code : 'network';
    if (code === 'hostRefused') throw new DiscoveryError('configuration', url, 'hostRefused', 0, [hostOrText(url)]);
    // A redirect leads to a log-in page for people.
    throw failed(code === 'redirect' ? 'uiHost' : code === 'tooLarge' ? 'notJson' : 'unreachable');
  }
  const { status, contentType, text } = answer;
  if (status === 429 || status >= 500) throw failed('unreachable', status);
  if (contentType.includes('html') || text.trimStart().startsWith('<')) throw failed('uiHost', status);
  // "404 = unknown tenant"; the host of one area knows its own tenants only.
  if (status === 400 || status === 404) throw failed(area === '' ? 'unknownTenant' : 'wrongArea', status);
  if (status !== 200) throw failed('unreachable', status);
  return answer;
}

function areaOf(issuer: string): string {
  return URL.canParse(issuer) ? (AREA_HOST.exec(new URL(issuer).hostname)?.[1] ?? '') : '';
}

function record(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' && value.length <= MAX_TEXT ? value : '';
}

function hostOrText(address: string): string {
  return URL.canParse(address) ? new URL(address).host || address : address;
}
