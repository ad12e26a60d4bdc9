/**
 * Is a connection right, as far as can be told without asking anybody? What is wrong is told at the field, by the options page; the worker
 * asks only whether it may be used at all (`connection-hosts.ts`). A note never repeats a value that may be a secret.
 */
import { CAPABILITIES, type ConnectionDraft, grantsFor, type Profile } from './connection.ts';
import { apiHint, issuerNote, webApplication } from './connection-cxone.ts';
import { LOOPBACK_HOSTS, needsIssuer } from './connection-hosts.ts';
import { prefixesFor } from './connection-profile.ts';
import { type FieldNote, note } from './field-note.ts';
import { looksSecret } from './looks-secret.ts';

export type FieldNotes = Partial<Record<keyof ConnectionDraft, FieldNote>>;

export interface ConnectionCheck {
  /** Must be put right before the connection can be saved. */
  errors: FieldNotes;
  /** Worth a look, or what saving will change. */
  hints: FieldNotes;
  /** What would be saved: trimmed, `https://` added, trailing slashes and discovery paths taken off. */
  draft: ConnectionDraft;
}

export interface CheckOptions {
  /** Plain http to this computer is allowed (the demo build alone). */
  loopback: boolean;
  /** Where CXone said the tenant's API is; '' or absent: it has not been asked. */
  foundApi?: string;
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
  // An access key stands for a user, without a registered application.
  if (draft.clientId === '') {
    if (draft.grant !== 'accessKey') errors.clientId = note('field_clientIdMissing');
  } else if (!/^[\x21-\x7e]+$/.test(draft.clientId)) errors.clientId = note('field_clientIdCharacters');
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

function tidy(input: ConnectionDraft): ConnectionDraft {
  const draft = { ...input };
  for (const field of TEXT_FIELDS) draft[field] = input[field].trim();
  draft.apiPrefix = draft.apiPrefix.replace(/\/+$/, '');
  draft.scopes = [...new Set(input.scopes.map((scope) => scope.trim()).filter((scope) => scope !== ''))];
  draft.capabilities = CAPABILITIES.filter((capability) => input.capabilities.includes(capability));
  if (draft.capabilities.length === 0) draft.capabilities = ['watch'];
  if (!grantsFor(draft.profile).includes(draft.grant)) draft.grant = 'authorizationCode';
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
    if (needsIssuer(draft))
      errors.issuer = note(draft.profile === 'public' ? 'field_issuerMissingPublic' : 'field_issuerMissing');
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
  const mistaken = issuerNote(new URL(issuer), draft);
  if (mistaken?.wrong) errors.issuer = mistaken.note;
  else if (hint !== undefined) hints.issuer = hint;
  else if (mistaken !== null) hints.issuer = mistaken.note;
  else if (WELL_KNOWN.test(given)) hints.issuer = { ...note('field_issuerWellKnown', issuer), suggestion: issuer };
}

function checkEndpoints({ draft, errors, hints }: ConnectionCheck, options: CheckOptions): void {
  for (const field of ['authorizationEndpoint', 'tokenEndpoint'] as const) {
    const other = field === 'tokenEndpoint' ? 'authorizationEndpoint' : 'tokenEndpoint';
    if (draft[field] === '') {
      // No page is opened for a service account.
      const needed = draft.grant === 'authorizationCode' || field === 'tokenEndpoint';
      if (draft[other] !== '' && needed) errors[field] = note('field_endpointsBoth');
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
    // The public API is found by asking the issuer, once somebody has signed in.
    if (draft.profile === 'v2') errors.apiBaseUrl = note('field_apiMissing');
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
    const prefix = prefixIn(path, draft.apiPrefix, draft.profile);
    errors.apiBaseUrl = {
      ...note('field_apiPath', url.origin, prefix),
      suggestion: url.origin,
      also: { field: 'apiPrefix', value: prefix },
    };
    return;
  }
  draft.apiBaseUrl = url.origin;
  const hint = hostHint(url) ?? apiHint(url, draft, options.foundApi ?? '');
  if (hint !== undefined) hints.apiBaseUrl = hint;
}

/** The part of a pasted API path that is the prefix: up to the version; a path without one stands before the prefix there is. */
function prefixIn(path: string, current: string, profile: Profile): string {
  const versioned = /^.*?\/v\d+(\.\d+)*(?=\/|$)/i.exec(path)?.[0];
  if (versioned !== undefined) return versioned;
  const before = path.replace(/\/agents(\/.*)?$/i, '');
  return before + (PATH.test(current) && current !== before && !looksSecret(current) ? current : prefixesFor(profile)[0]);
}

function checkPrefix({ draft, errors }: ConnectionCheck): void {
  const prefix = draft.apiPrefix;
  if (prefix === '') {
    const [suggestion] = prefixesFor(draft.profile);
    errors.apiPrefix = { ...note('field_prefixMissing', suggestion), suggestion };
    return;
  }
  if (PATH.test(prefix) && !prefix.split('/').some((segment) => segment === '.' || segment === '..')) {
    if (/\/agents(\/states)?$/i.test(prefix)) {
      const suggestion = prefixIn(prefix, '', draft.profile);
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
  // Rights are those of the user's role there.
  if (draft.profile === 'public' || draft.vocabulary !== 'custom' || errors.scopes !== undefined) return;
  const wrong = draft.scopes.filter((scope) => !SCOPE_TOKEN.test(scope));
  if (wrong.length > 0) errors.scopes = note('field_scopeToken', wrong.join(', '));
  else if (draft.scopes.length === 0) errors.scopes = note('field_scopesMissing');
  const own = draft.scopes.filter((scope) => OWN_SCOPES.includes(scope));
  if (own.length > 0) hints.scopes = note('field_scopeOwn', own.join(', '));
}
