/**
 * CXone's own addresses, and what is taken for them (facts/cxone-api.md section 1): the likely right value beside the field. What is not
 * documented is not guessed.
 */
import type { ConnectionDraft } from './connection.ts';
import { cloudOf } from './connection-hosts.ts';
import { type FieldNote, note } from './field-note.ts';
import { presetOf } from './issuer-presets.ts';

/** cxone-api.md section 1: the web application and sign-in live beside the API, and data calls sent there end in 404 (PhoneDashboard). */
const WEB_DOMAINS = ['nice-incontact.com', 'nicecxone.com', 'nicecxone-gov.com', 'nicecxone-sov1.au', 'nicecxone-sov1.eu'];
/** Hosts of `niceincontact.com` that are known not to be the API; others there are tenants' own. */
const WEB_NAMES = /^(cxone|cxone-gov|login|www|home)$/;
const AREA = /^(?:[a-z]+-)?([a-z]{2}\d)$/;
const API_NAME = /^api[-.]/;
/** `https://api-na1.niceincontact.com`; clusters (`api-c32`) name no area. */
const API_AREA = /^api-([a-z]{2}\d)\.nice-?incontact\.com$/;
/** `https://na1.nice-incontact.com` */
const AREA_HOST = /^([a-z]{2}\d)\.nice-?incontact\.com$/;

/** What is known of CXone's own addresses (facts/cxone-api.md section 1): where one signs in, and what is taken for it. */
export function issuerNote(
  url: URL,
  { profile, grant, apiBaseUrl }: ConnectionDraft,
): { note: FieldNote; wrong: boolean } | null {
  const cloud = cloudOf(url.origin);
  if (cloud === null) return null;
  const known = presetOf(url.origin) !== null;
  if (profile === 'v2') return known ? { note: note('field_issuerIsPublic'), wrong: false } : null;
  const said = (key: string, suggestion: string, wrong: boolean) => ({ note: { ...note(key, suggestion), suggestion }, wrong });
  if (API_NAME.test(url.hostname)) return said('field_issuerIsApi', cloud.issuer, true);
  if (known && url.pathname !== '/') return said('field_issuerPath', url.origin, true);
  if (grant !== 'accessKey') return known ? null : said('field_issuerIsWebApp', cloud.issuer, false);
  // Keys are taken at the host of the area (facts section 4); which one that is stands in the address of the API, if anywhere.
  if (!known) return null;
  const area = URL.canParse(apiBaseUrl) ? API_AREA.exec(new URL(apiBaseUrl).hostname)?.[1] : undefined;
  if (area === undefined) return { note: note('field_issuerKeyArea'), wrong: false };
  return said('field_issuerKeyAreaUse', `https://${area}.nice-incontact.com`, false);
}

/** The web application, or sign-in, in place of the API. */
export function webApplication(url: URL): FieldNote | null {
  const host = url.hostname;
  const first = host.split('.', 1)[0] ?? '';
  if (API_NAME.test(host)) return null;
  const inside = (domain: string) => host === domain || host.endsWith(`.${domain}`);
  const web = WEB_DOMAINS.some(inside) || host === 'niceincontact.com' || (inside('niceincontact.com') && WEB_NAMES.test(first));
  if (!web) return null;
  const area = AREA.exec(first)?.[1];
  // Only where the area stands in the address and the commercial host names are documented; else a guess would name the wrong region.
  if (area === undefined || !(inside('nice-incontact.com') || inside('nicecxone.com'))) return note('field_apiIsWebAppAsk');
  const suggestion = `https://api-${area}.niceincontact.com`;
  return { ...note('field_apiIsWebApp', suggestion), suggestion };
}

/** An API address worth a second look; it may well be right. */
export function apiHint(url: URL, draft: ConnectionDraft, foundApi: string): FieldNote | undefined {
  return areaHint(url) ?? otherPlace(url, draft, foundApi);
}

/** `na1.niceincontact.com`: may be a tenant's own name for the API, more likely `api-` was forgotten. */
function areaHint(url: URL): FieldNote | undefined {
  const area = /^([a-z]{2}\d)\.niceincontact\.com$/.exec(url.hostname)?.[1];
  if (area === undefined) return undefined;
  const suggestion = `https://api-${area}.niceincontact.com`;
  return { ...note('field_apiArea', suggestion), suggestion };
}

/** An API of another area or cloud than the sign-in: the token would not be taken there. */
function otherPlace(url: URL, { profile, issuer }: ConnectionDraft, foundApi: string): FieldNote | undefined {
  if (profile !== 'public') return undefined;
  if (foundApi !== '' && foundApi !== url.origin) return { ...note('field_apiOther', foundApi), suggestion: foundApi };
  const [signIn, data] = [cloudOf(issuer), cloudOf(url.origin)];
  if (signIn === null || data === null) return undefined;
  if (signIn !== data) return note('field_apiOtherCloud', url.hostname);
  const [area, given] = [AREA_HOST.exec(new URL(issuer).hostname)?.[1], API_AREA.exec(url.hostname)?.[1]];
  if (area === undefined || given === undefined || area === given) return undefined;
  const suggestion = `https://api-${area}.niceincontact.com`;
  return { ...note('field_apiOtherArea', area), suggestion };
}
