/**
 * Is a connection right, as far as can be told without asking anybody? What is wrong is told at the field, by the options page; the worker
 * asks only whether it may be used at all (`connection-hosts.ts`). A note never repeats a value that may be a secret.
 */
import { API_PREFIXES, CAPABILITIES, type ConnectionDraft } from './connection.ts';
import { LOOPBACK_HOSTS } from './connection-hosts.ts';

/** One note beside a field. */
export interface FieldNote {
  /** A text in `_locales`, starting with `field_`. */
  key: string;
  params: string[];
  /** The likely right value of this field, to be put in with one click. */
  suggestion?: string;
  /** What the same click puts into another field. */
  also?: { field: 'apiPrefix' | 'apiBaseUrl'; value: string };
}
export type FieldNotes = Partial<Record<keyof ConnectionDraft, FieldNote>>;

export interface ConnectionCheck {
  /** Must be put right before the connection can be saved. */
  errors: FieldNotes;
  /** Worth a look, or what saving will change. */
  hints: FieldNotes;
  /** What would be saved: trimmed, `https://` added, trailing slashes and discovery paths taken off. */
  draft: ConnectionDraft;
}

/** `loopback`: plain http to this computer is allowed (the demo build alone). */
export interface CheckOptions {
  loopback: boolean;
}

/** The contract's limit for a text. */
const MAX_TEXT = 500;
const MAX_NAME = 80;
const MAX_SCOPES = 50;
/** Asked for at every sign-in anyway. */
const OWN_SCOPES = ['openid', 'offline_access'];
const WELL_KNOWN = /\/+\.well-known\/(openid-configuration|oauth-authorization-server)\/*$/i;
/** RFC 6749 3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ) */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const PATH = /^(\/[\w.~!$&'()*+,;=:@-]+)+$/;

const TEXT_FIELDS = [
  'name',
  'issuer',
  'authorizationEndpoint',
  'tokenEndpoint',
  'apiBaseUrl',
  'apiPrefix',
  'clientId',
  'tenantId',
] as const satisfies readonly (keyof ConnectionDraft)[];

/**
 * True for what people paste by mistake when they hear "token" or "secret": a JWT (whole or within a text), a bearer header, a token
 * or secret parameter, a private key, or a long text of random characters. Nothing like it is accepted, shown again or kept.
 */
export function looksSecret(value: string): boolean {
  if (/eyJ[\w-]{8,}\.[\w-]{8,}/.test(value)) return true;
  if (/\bbearer\s+\S/i.test(value)) return true;
  if (/\b(client_secret|access_token|refresh_token|id_token|password|code_verifier)["']?\s*[=:]\s*\S/i.test(value)) return true;
  if (/-----BEGIN [A-Z ]*PRIVATE KEY/.test(value)) return true;
  const text = value.trim();
  return /^[\w+/~.-]{40,}={0,2}$/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);
}

export function checkConnection(input: ConnectionDraft, options: CheckOptions): ConnectionCheck {
  const draft = tidy(input);
  const errors: FieldNotes = {};
  const hints: FieldNotes = {};
  const check: ConnectionCheck = { errors, hints, draft };

  checkName(check);
  checkIssuer(check, options);
  checkEndpoints(check, options);
  checkApiBase(check, options);
  checkPrefix(check);
  if (draft.clientId === '') errors.clientId = note('field_clientIdMissing');
  else if (!/^[\x21-\x7e]+$/.test(draft.clientId)) errors.clientId = note('field_clientIdCharacters');
  checkScopes(check);
  // Last, so that they replace every other note: such a value must not be turned into a suggestion. Both spellings are looked at,
  // because reading an address lowers its case and takes line breaks out.
  for (const field of TEXT_FIELDS) {
    if (draft[field].length > MAX_TEXT) errors[field] = note('field_tooLong', String(MAX_TEXT));
    if (looksSecret(input[field]) || looksSecret(draft[field])) errors[field] = note('field_secret');
  }
  if (draft.scopes.some(looksSecret)) errors.scopes = note('field_secret');
  for (const field of Object.keys(errors) as (keyof ConnectionDraft)[]) delete hints[field];
  return check;
}

function note(key: string, ...params: string[]): FieldNote {
  return { key, params };
}

function tidy(input: ConnectionDraft): ConnectionDraft {
  const draft = { ...input };
  for (const field of TEXT_FIELDS) draft[field] = input[field].trim();
  draft.apiPrefix = draft.apiPrefix.replace(/\/+$/, '');
  draft.scopes = [...new Set(input.scopes.map((scope) => scope.trim()).filter((scope) => scope !== ''))];
  draft.capabilities = CAPABILITIES.filter((capability) => input.capabilities.includes(capability));
  if (draft.capabilities.length === 0) draft.capabilities = ['watch'];
  return draft;
}

function parse(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}

/** `https://` where no scheme is given; this computer is spoken to in http where that is allowed at all. */
function withScheme(address: string, { loopback }: CheckOptions): string {
  if (/^(https?:|[a-z][a-z0-9+.-]*:\/\/)/i.test(address)) return address;
  const bare = address.replace(/^\/+/, '');
  const host = bare.split(/[/:?#]/, 1)[0] ?? '';
  return `${loopback && LOOPBACK_HOSTS.includes(host.toLowerCase()) ? 'http' : 'https'}://${bare}`;
}

/** The address as a URL that may be used, or what is wrong with it. */
function readAddress(text: string, options: CheckOptions): { url: URL } | { error: FieldNote } {
  const url = parse(withScheme(text, options));
  if (url === null || url.hostname === '' || /^\.|\.\./.test(url.hostname)) return { error: note('field_urlUnreadable') };
  const plainAllowed = options.loopback && LOOPBACK_HOSTS.includes(url.hostname);
  if (url.protocol === 'http:' && !plainAllowed) {
    const secure = new URL(url);
    secure.protocol = 'https:';
    // Credentials, query and fragment are wrong as well: leave them out at once.
    return {
      error: { ...note('field_httpsOnly'), suggestion: secure.origin + (secure.pathname === '/' ? '' : secure.pathname) },
    };
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { error: note('field_httpsOnly') };
  const clean = url.origin + (url.pathname === '/' ? '' : url.pathname);
  if (url.username !== '' || url.password !== '') return { error: { ...note('field_urlCredentials'), suggestion: clean } };
  // `url.search` is empty for a lone "?", which would still be sent.
  if (/[?#]/.test(url.href)) return { error: { ...note('field_urlQuery'), suggestion: clean } };
  return { url };
}

/** A host name worth a second look; it may well be right. */
function hostHint(url: URL): FieldNote | undefined {
  if (url.hostname.split('.').some((label) => label.startsWith('xn--'))) return note('field_hostLetters', url.hostname);
  if (!/[.:]/.test(url.hostname) && url.hostname !== 'localhost') return note('field_hostShort', url.hostname);
  return undefined;
}

function checkName({ draft, errors }: ConnectionCheck): void {
  if (draft.name === '') errors.name = note('field_nameMissing');
  else if (draft.name.length > MAX_NAME) errors.name = note('field_tooLong', String(MAX_NAME));
}

function checkIssuer({ draft, errors, hints }: ConnectionCheck, options: CheckOptions): void {
  if (draft.issuer === '') {
    if (draft.authorizationEndpoint === '' || draft.tokenEndpoint === '') errors.issuer = note('field_issuerMissing');
    return;
  }
  const read = readAddress(draft.issuer, options);
  if ('error' in read) {
    errors.issuer = read.error;
    return;
  }
  const given = read.url.pathname;
  let path = given.replace(/\/+$/, '');
  // Again and again: what is saved must come out the same when it is checked once more.
  while (WELL_KNOWN.test(path)) path = path.replace(WELL_KNOWN, '').replace(/\/+$/, '');
  const issuer = read.url.origin + path;
  draft.issuer = issuer;
  const hint = hostHint(read.url);
  if (hint !== undefined) hints.issuer = hint;
  else if (WELL_KNOWN.test(given)) hints.issuer = { ...note('field_issuerWellKnown', issuer), suggestion: issuer };
}

function checkEndpoints({ draft, errors, hints }: ConnectionCheck, options: CheckOptions): void {
  for (const field of ['authorizationEndpoint', 'tokenEndpoint'] as const) {
    const other = field === 'tokenEndpoint' ? 'authorizationEndpoint' : 'tokenEndpoint';
    if (draft[field] === '') {
      if (draft[other] !== '') errors[field] = note('field_endpointsBoth');
      continue;
    }
    const read = readAddress(draft[field], options);
    if ('error' in read) {
      errors[field] = read.error;
      continue;
    }
    // A slash at the end stays: some providers answer only with it.
    draft[field] = read.url.href;
    const hint = hostHint(read.url) ?? (read.url.pathname === '/' ? note('field_endpointPath') : undefined);
    if (hint !== undefined) hints[field] = hint;
  }
}

function checkApiBase({ draft, errors, hints }: ConnectionCheck, options: CheckOptions): void {
  if (draft.apiBaseUrl === '') {
    errors.apiBaseUrl = note('field_apiMissing');
    return;
  }
  const read = readAddress(draft.apiBaseUrl, options);
  if ('error' in read) {
    errors.apiBaseUrl = read.error;
    return;
  }
  const { url } = read;
  const web = webApplication(url);
  if (web !== null) {
    errors.apiBaseUrl = web;
    return;
  }
  const path = url.pathname.replace(/\/+$/, '');
  if (path !== '') {
    const prefix = prefixIn(path, draft.apiPrefix);
    errors.apiBaseUrl = {
      ...note('field_apiPath', url.origin, prefix),
      suggestion: url.origin,
      also: { field: 'apiPrefix', value: prefix },
    };
    return;
  }
  draft.apiBaseUrl = url.origin;
  const hint = hostHint(url) ?? areaHint(url);
  if (hint !== undefined) hints.apiBaseUrl = hint;
}

/** cxone-api.md section 1: the web application and sign-in live beside the API, and data calls sent there end in 404 (PhoneDashboard). */
const WEB_DOMAINS = ['nice-incontact.com', 'nicecxone.com', 'nicecxone-gov.com', 'nicecxone-sov1.au', 'nicecxone-sov1.eu'];
/** Hosts of `niceincontact.com` that are known not to be the API; others there are tenants' own. */
const WEB_NAMES = /^(cxone|cxone-gov|login|www|home)$/;
const AREA = /^(?:[a-z]+-)?([a-z]{2}\d)$/;

function webApplication(url: URL): FieldNote | null {
  const host = url.hostname;
  const first = host.split('.', 1)[0] ?? '';
  if (/^api(-|$)/.test(first)) return null;
  const inside = (domain: string) => host === domain || host.endsWith(`.${domain}`);
  const web = WEB_DOMAINS.some(inside) || host === 'niceincontact.com' || (inside('niceincontact.com') && WEB_NAMES.test(first));
  if (!web) return null;
  const area = AREA.exec(first)?.[1];
  // Only where the area stands in the address and the commercial host names are documented; else a guess would name the wrong region.
  if (area === undefined || !(inside('nice-incontact.com') || inside('nicecxone.com'))) return note('field_apiIsWebAppAsk');
  const suggestion = `https://api-${area}.niceincontact.com`;
  return { ...note('field_apiIsWebApp', suggestion), suggestion };
}

/** `na1.niceincontact.com`: may be a tenant's own name for the API, more likely `api-` was forgotten. */
function areaHint(url: URL): FieldNote | undefined {
  const area = /^([a-z]{2}\d)\.niceincontact\.com$/.exec(url.hostname)?.[1];
  if (area === undefined) return undefined;
  const suggestion = `https://api-${area}.niceincontact.com`;
  return { ...note('field_apiArea', suggestion), suggestion };
}

/** The part of a pasted API path that is the prefix: up to the version; a path without one stands before the prefix there is. */
function prefixIn(path: string, current: string): string {
  const versioned = /^.*?\/v\d+(\.\d+)*(?=\/|$)/i.exec(path)?.[0];
  if (versioned !== undefined) return versioned;
  const before = path.replace(/\/agents(\/.*)?$/i, '');
  return before + (PATH.test(current) && current !== before && !looksSecret(current) ? current : API_PREFIXES[0]);
}

function checkPrefix({ draft, errors }: ConnectionCheck): void {
  const prefix = draft.apiPrefix;
  if (prefix === '') {
    errors.apiPrefix = { ...note('field_prefixMissing', API_PREFIXES[0]), suggestion: API_PREFIXES[0] };
    return;
  }
  if (PATH.test(prefix) && !prefix.split('/').some((segment) => segment === '.' || segment === '..')) {
    if (/\/agents(\/states)?$/i.test(prefix)) {
      const suggestion = prefixIn(prefix, '');
      errors.apiPrefix = { ...note('field_prefixEndpoint'), suggestion };
    }
    return;
  }
  const path = parse(prefix)?.pathname ?? `/${prefix.split(/[?#]/, 1)[0] ?? ''}`;
  const suggestion = path.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  errors.apiPrefix = note('field_prefixForm');
  if (PATH.test(suggestion) && !/\/\.{1,2}(\/|$)/.test(suggestion)) errors.apiPrefix.suggestion = suggestion;
}

function checkScopes({ draft, errors, hints }: ConnectionCheck): void {
  if (draft.scopes.length > MAX_SCOPES) errors.scopes = note('field_scopesTooMany', String(MAX_SCOPES));
  const long = draft.scopes.some((scope) => scope.length > MAX_TEXT);
  if (long) errors.scopes = note('field_tooLong', String(MAX_TEXT));
  if (draft.vocabulary !== 'custom' || errors.scopes !== undefined) return;
  const wrong = draft.scopes.filter((scope) => !SCOPE_TOKEN.test(scope));
  if (wrong.length > 0) errors.scopes = note('field_scopeToken', wrong.join(', '));
  else if (draft.scopes.length === 0) errors.scopes = note('field_scopesMissing');
  const own = draft.scopes.filter((scope) => OWN_SCOPES.includes(scope));
  if (own.length > 0) hints.scopes = note('field_scopeOwn', own.join(', '));
}
