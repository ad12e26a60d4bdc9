/**
 * What a provider, a page or the network may do to a sign-in or renewal, one line each: in which state it ends, what is left of the tokens,
 * and how often the token endpoint was asked (security-reliability.md section 9, rows 5 to 15, expanded).
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type AuthFailure, type AuthPhase, SIGNED_OUT } from '../../../src/domain/auth-status.ts';
import type { Connection } from '../../../src/domain/connection.ts';
import { startTenant, type Tenant } from '../../tenant/tenant.ts';
import { answered, CLOSED, EXTENSION_ORIGIN, NEEDS_PERSON, PAGE_FAILED, Rig } from './rig.ts';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant({ agents: 2, frozen: true });
});
afterAll(() => tenant.close());
afterEach(() => {
  tenant.faults.clear();
  vi.useRealTimers();
});

/**
 * What the vault has afterwards. `none`: nothing; `old`: what it had before; `new`: another refresh token, or the first one;
 * `refused`: the old one, marked so that it is never sent again; `tokenless`: a grant without a refresh token.
 */
type Kept = 'none' | 'old' | 'new' | 'refused' | 'tokenless';

interface Case {
  /** Row of the fault table. */
  row: number;
  what: string;
  during: 'signIn' | 'renewal';
  arrange: (rig: Rig) => unknown;
  phase: AuthPhase;
  failure: AuthFailure | null;
  kept: Kept;
  /** Requests to the token endpoint, from the arrangement on. */
  asked: number;
  over?: Partial<Connection>;
}

type End = [phase: AuthPhase, failure: AuthFailure | null, kept: Kept, asked: number];
type Line = [what: string, arrange: (rig: Rig) => unknown];

const cases: Case[] = [];
function table(row: number, during: Case['during'], lines: [...Line, ...End][], over: Partial<Connection> = {}): void {
  for (const [what, arrange, phase, failure, kept, asked] of lines)
    cases.push({ row, what, during, arrange, phase, failure, kept, asked, over });
}
/** Lines that all end alike. */
const all = (lines: Line[], ...end: End): [...Line, ...End][] => lines.map((line) => [...line, ...end]);

const fault = (spec: Record<string, unknown>) => () => tenant.faults.arm(spec);
const fields = (patch: Record<string, unknown>) => fault({ kind: 'tokenFields', patch, times: 1 });
/** Answers every request for a token, the code's too: not even single sign-on helps. */
const answers =
  (status: number, body: unknown = '', type?: string) =>
  (rig: Rig) => {
    rig.instead = async () => answered(status, body, type);
  };
const refusal = (status: number, error: string) => answers(status, { error });
const alone = (spec: Record<string, unknown>) => (rig: Rig) => {
  tenant.faults.arm(spec);
  rig.forgetSession();
};
const windowSays = (message: string) => (rig: Rig) => {
  rig.window = () => Promise.reject(new Error(message));
};
/** The redirect as it comes back, changed on the way. */
const redirect = (change: (url: URL) => unknown) => (rig: Rig) => {
  rig.window = async (url) => {
    const back = new URL(await rig.visit(url, true));
    change(back);
    return back.href;
  };
};
const query = (change: (params: URLSearchParams) => unknown) => redirect((url) => change(url.searchParams));
/** The provider's page sends an error back. */
const says = (error: string) =>
  query((params) => {
    params.delete('code');
    params.set('error', error);
  });
const jwt = (claims: object) => `${['{"alg":"RS256"}', JSON.stringify(claims)].map(btoa).join('.').replaceAll('=', '')}.c2ln`;
/** A good answer to the code, but for claims of the ID token. */
const idToken = (change: Record<string, unknown>) => (rig: Rig) => {
  rig.instead = async () => {
    const now = Math.floor(Date.now() / 1000);
    const nonce = rig.launches.at(-1)?.url.searchParams.get('nonce');
    const claims = { iss: tenant.issuer, aud: 'agent-watch', sub: 'demo', iat: now, exp: now + 3600, nonce, ...change };
    return answered(200, { access_token: 'at', token_type: 'Bearer', refresh_token: 'rt', id_token: jwt(claims) });
  };
};
const scope = (text: unknown) => fields({ scope: text });
const FULL = 'openid offline_access view:agent view:interaction';
const ACCOUNT = { grant: 'clientCredentials' } as const;
const withSecret = (arrange: (rig: Rig) => unknown) => async (rig: Rig) => {
  await rig.auth.setSecret(rig.connection, { id: 'k', secret: 's' });
  return arrange(rig);
};

table(5, 'renewal', [
  ...all(
    [
      ['500', answers(500)],
      ['502 with a page', answers(502, '<h1>Bad gateway', 'text/html')],
      ['503 with an OAuth error in it', refusal(503, 'temporarily_unavailable')],
      ['429', answers(429)],
      ['429 that says invalid_grant', refusal(429, 'invalid_grant')],
      ['a captive portal with 200', answers(200, '<html>Log in to the Wi-Fi', 'text/html')],
      ['a proxy’s 407', answers(407)],
      ['a firewall’s 403 with a page', answers(403, '<html>Blocked', 'text/html')],
      ['a gateway’s 403 in JSON', answers(403, { message: 'Forbidden' })],
      ['404', answers(404)],
      ['a list instead of an object', answers(200, '[]')],
      ['half of a JSON', answers(200, '{"access_token":"a')],
      ['nothing, with 200', answers(200, '')],
      ['204', answers(204)],
      ['201 with a token', answers(201, { access_token: 'x', token_type: 'Bearer' })],
      ['server_error with 400', refusal(400, 'server_error')],
      ['server_error with 200', refusal(200, 'server_error')],
    ],
    'recovering',
    'providerError',
    'old',
    1,
  ),
  [
    'the connection dies',
    (rig) => Object.assign(rig, { instead: () => Promise.reject(new TypeError('reset')) }),
    'recovering',
    'network',
    'old',
    1,
  ],
  ['the answer is cut off', fault({ kind: 'tokenCut', bytes: 30, on: 'refresh' }), 'recovering', 'network', 'old', 1],
]);

table(6, 'renewal', [
  ['invalid_grant, and the person is still signed in there', fault({ kind: 'invalidGrant' }), 'signedIn', null, 'new', 2],
  ...all(
    [
      ['invalid_grant', alone({ kind: 'invalidGrant' })],
      ['a bare 400', alone({ kind: 'refusedBare', status: 400 })],
      ['a bare 401', alone({ kind: 'refusedBare', status: 401 })],
      ['a bare 403', alone({ kind: 'refusedBare', status: 403 })],
    ],
    'needsSignIn',
    'refused',
    'refused',
    1,
  ),
  // The code of the silent sign-in that follows is refused as well.
  ...all(
    [
      ['invalid_grant with 200', refusal(200, 'invalid_grant')],
      ['invalid_grant with 401', refusal(401, 'invalid_grant')],
      ['unsupported_grant_type', refusal(400, 'unsupported_grant_type')],
      ['an error nobody knows', refusal(400, 'constructor')],
    ],
    'needsSignIn',
    'refused',
    'refused',
    2,
  ),
  ...all(
    [
      ['invalid_client', refusal(401, 'invalid_client')],
      ['unauthorized_client', refusal(400, 'unauthorized_client')],
    ],
    'needsSignIn',
    'invalidClient',
    'refused',
    2,
  ),
  ['invalid_scope, with a scope and without', refusal(400, 'invalid_scope'), 'needsSignIn', 'invalidScope', 'refused', 3],
  [
    'a refusal of extensions',
    (rig) => [fault({ kind: 'refuseOrigin' })(), Object.assign(rig, { origin: EXTENSION_ORIGIN })],
    'recovering',
    'originRefused',
    'old',
    1,
  ],
]);

table(6, 'signIn', [
  ...all(
    [
      ['the code is refused', refusal(400, 'invalid_grant')],
      ['the code is refused with 200', refusal(200, 'invalid_grant')],
      ['the code is refused with a bare 403', answers(403)],
      ['invalid_request', refusal(400, 'invalid_request')],
    ],
    'signedOut',
    'refused',
    'none',
    1,
  ),
  ['invalid_client', refusal(401, 'invalid_client'), 'signedOut', 'invalidClient', 'none', 1],
  ['invalid_scope', refusal(400, 'invalid_scope'), 'signedOut', 'invalidScope', 'none', 1],
]);

const SCOPES: [...Line, AuthPhase][] = [
  ['one scope fewer', scope('openid offline_access view:agent'), 'scopeLost'],
  ['no scope at all', scope(''), 'scopeLost'],
  ['other scopes', scope('openid read:agent read:interaction'), 'scopeLost'],
  ['scopes in capitals', scope(FULL.toUpperCase()), 'scopeLost'],
  ['scopes run together', scope('openid view:agent,view:interaction'), 'scopeLost'],
  ['scopes as a list with one fewer', scope(['openid', 'view:agent']), 'scopeLost'],
  ['scopes in another order', scope(FULL.split(' ').reverse().join(' ')), 'signedIn'],
  ['each scope twice', scope(`${FULL} ${FULL}`), 'signedIn'],
  ['scopes as a list', scope(FULL.split(' ')), 'signedIn'],
  ['no word of scopes', scope('__delete__'), 'signedIn'],
];
for (const during of ['signIn', 'renewal'] as const)
  table(
    7,
    during,
    SCOPES.map(([what, arrange, phase]) => [what, arrange, phase, null, 'new', 1]),
  );

table(8, 'renewal', [['more scopes than were asked for', scope(`${FULL} users:write`), 'signedIn', null, 'new', 1]]);

const NO_TOKEN: Line[] = [
  ['no access token', fields({ access_token: '__delete__' })],
  ['an access token that is a number', fields({ access_token: 7 })],
  ['an empty access token', fields({ access_token: '' })],
  ['a line break in the access token', fields({ access_token: 'a\r\nx-evil: 1' })],
  ['a token type we cannot use', fields({ token_type: 'DPoP' })],
  ['a token type that is a number', fields({ token_type: 1 })],
];
table(9, 'renewal', [
  ...all(
    [
      ['no refresh token', fields({ refresh_token: '__delete__' })],
      ['refresh token null', fields({ refresh_token: null })],
      ['an empty refresh token', fields({ refresh_token: '' })],
      ['a refresh token that is a number', fields({ refresh_token: 12 })],
      ['a refresh token that is an object', fields({ refresh_token: { a: 1 } })],
      ['a line break in the refresh token', fields({ refresh_token: 'a\r\nb' })],
    ],
    'signedIn',
    null,
    'old',
    1,
  ),
  // The provider has rotated by then: what it gave is kept, whatever else is wrong.
  ...all(NO_TOKEN, 'recovering', 'badResponse', 'new', 1),
]);
table(9, 'signIn', [
  ...all(NO_TOKEN, 'signedOut', 'badResponse', 'none', 1),
  ['no refresh token', fields({ refresh_token: '__delete__' }), 'signedIn', null, 'tokenless', 1],
  ...all(
    [
      ['no ID token', fields({ id_token: '__delete__' })],
      ['ID token null', fields({ id_token: null })],
      ['an ID token that is none', fields({ id_token: 'a.b.c' })],
      ['an ID token for another client', idToken({ aud: 'somebody-else' })],
      ['an ID token of another issuer', idToken({ iss: 'https://evil.example' })],
      ['an ID token that has run out', idToken({ exp: 1 })],
      ['an ID token with another nonce', idToken({ nonce: 'x' })],
      ['an ID token without a nonce', idToken({ nonce: undefined })],
    ],
    'signedOut',
    'badResponse',
    'none',
    1,
  ),
]);

for (const during of ['signIn', 'renewal'] as const)
  table(
    10,
    during,
    all(
      ['__delete__', 0, -1, '3600abc', 1e300, null, [], '∞'].map((value) => [
        `expires_in ${JSON.stringify(value)}`,
        fields({ expires_in: value }),
      ]),
      'signedIn',
      null,
      'new',
      1,
    ),
  );

table(11, 'signIn', [
  ...all(
    [
      ['another state', query((params) => params.set('state', 'x'.repeat(43)))],
      ['no state', query((params) => params.delete('state'))],
      ['an empty state', query((params) => params.set('state', ''))],
      ['the redirect of an earlier sign-in', replayed],
    ],
    'signedOut',
    'stateMismatch',
    'none',
    0,
  ),
  ['two states', query((params) => params.append('state', params.get('state') ?? '')), 'signedOut', 'badResponse', 'none', 0],
  ['an answer after ten minutes', stale(10 * 60_000 + 1), 'signedOut', 'expired', 'none', 0],
  ['an answer from before the question', stale(-1000), 'signedOut', 'expired', 'none', 0],
]);

/** A sign-in of a moment ago, whose redirect comes back once more. */
async function replayed(rig: Rig): Promise<void> {
  let first = '';
  rig.window = async (url) => {
    first = await rig.visit(url, true);
    throw new Error(CLOSED);
  };
  await rig.auth.signIn(rig.connection, false);
  rig.window = async () => first;
}

function stale(ms: number) {
  return (rig: Rig) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    rig.window = async (url) => {
      const back = await rig.visit(url, true);
      vi.setSystemTime(Date.now() + ms);
      return back;
    };
  };
}

table(12, 'signIn', [
  ...all(
    [
      ['another host', redirect((url) => Object.assign(url, { hostname: 'evil.example' }))],
      ['another path', redirect((url) => Object.assign(url, { pathname: '/x' }))],
      ['another port', redirect((url) => Object.assign(url, { port: '444' }))],
      ['plain http', redirect((url) => Object.assign(url, { protocol: 'http:' }))],
      ['no address', (rig) => Object.assign(rig, { window: async () => 'nonsense' })],
    ],
    'signedOut',
    'wrongRedirect',
    'none',
    0,
  ),
  ...all(
    [
      ['a name before the host', redirect((url) => Object.assign(url, { username: 'x' }))],
      ['a token in the fragment', redirect((url) => Object.assign(url, { hash: 'access_token=x' }))],
      ['two codes', query((params) => params.append('code', 'x'))],
      ['no code', query((params) => params.delete('code'))],
      ['an empty code', query((params) => params.set('code', ''))],
      ['an empty issuer', query((params) => params.set('iss', ''))],
      ['two issuers', query((params) => params.append('iss', 'https://evil.example'))],
    ],
    'signedOut',
    'badResponse',
    'none',
    0,
  ),
  ...all(
    [
      ['another issuer', query((params) => params.set('iss', 'https://evil.example'))],
      ['no issuer, though the provider says that it names itself', query((params) => params.delete('iss'))],
    ],
    'signedOut',
    'stateMismatch',
    'none',
    0,
  ),
]);

table(13, 'signIn', [
  ['the window is closed', windowSays(CLOSED), 'signedOut', 'userClosed', 'none', 0],
  ['the person declines', (rig) => Object.assign(rig.person, { answer: 'deny' }), 'signedOut', 'denied', 'none', 0],
  ['the page answers 500', fault({ kind: 'authorizeStatus', status: 500 }), 'signedOut', 'pageFailed', 'none', 0],
  ['the page answers 401', fault({ kind: 'authorizeStatus', status: 401 }), 'signedOut', 'pageFailed', 'none', 0],
  ['a double click interrupts the page', windowSays(PAGE_FAILED), 'signedOut', 'pageFailed', 'none', 0],
  ['the page never loads', windowSays('Authorization page load timed out.'), 'signedOut', 'pageTimedOut', 'none', 0],
  [
    'a redirect that is not registered',
    windowSays('Did not redirect to the right URL.'),
    'signedOut',
    'wrongRedirect',
    'none',
    0,
  ],
  ['another window is open', windowSays('Only one web auth flow is allowed at a time.'), 'signedOut', 'alreadyOpen', 'none', 0],
  ['an incognito window', windowSays('Identity API is disabled in incognito windows.'), 'signedOut', 'incognito', 'none', 0],
  ['the page says access_denied', says('access_denied'), 'signedOut', 'denied', 'none', 0],
  ['the page says login_required', says('login_required'), 'signedOut', 'loginRequired', 'none', 0],
  ['the page says consent_required', says('consent_required'), 'signedOut', 'loginRequired', 'none', 0],
  ['the page says invalid_scope', says('invalid_scope'), 'signedOut', 'invalidScope', 'none', 0],
  ['the page says unauthorized_client', says('unauthorized_client'), 'signedOut', 'invalidClient', 'none', 0],
  ['the page says server_error', says('server_error'), 'signedOut', 'providerError', 'none', 0],
  ['the page says something new', says('__proto__'), 'signedOut', 'refused', 'none', 0],
  ['discovery is not there', fault({ kind: 'discoveryStatus', status: 404 }), 'signedOut', 'discoveryFailed', 'none', 0],
  ['discovery is a portal', fault({ kind: 'discoveryHtml' }), 'signedOut', 'discoveryFailed', 'none', 0],
  ['discovery is down', fault({ kind: 'discoveryStatus', status: 503 }), 'signedOut', 'providerError', 'none', 0],
]);
table(13, 'renewal', [
  // The refusal came first, and stays the reason.
  [
    'the silent page wants a person',
    (rig) => [fault({ kind: 'invalidGrant' })(), windowSays(NEEDS_PERSON)(rig)],
    'needsSignIn',
    'refused',
    'refused',
    1,
  ],
  [
    'the silent page fails',
    (rig) => [fault({ kind: 'invalidGrant' })(), windowSays(PAGE_FAILED)(rig)],
    'needsSignIn',
    'refused',
    'refused',
    1,
  ],
  [
    'the silent page is too slow',
    (rig) => [fault({ kind: 'invalidGrant' })(), windowSays('Authorization page load timed out.')(rig)],
    'recovering',
    'pageTimedOut',
    'refused',
    1,
  ],
]);

/** The worker dies at the step, and the next one looks at what it finds. */
const killedAt = (step: string) => async (rig: Rig) => {
  await rig.killAt(step, () => rig.auth.signIn(rig.connection, false));
  await rig.auth.nameInterrupted(rig.connection);
  rig.auth.signIn = async () => undefined;
};
table(14, 'signIn', [
  ['the worker dies before the window opens', killedAt('signIn:opening'), 'signedOut', 'interrupted', 'none', 0],
  ['the worker dies with the window open', killedAt('signIn:redirected'), 'signedOut', 'interrupted', 'none', 0],
  ['the worker dies with the tokens in its hands', killedAt('signIn:exchanged'), 'signedOut', 'interrupted', 'none', 1],
]);

const leave = async (rig: Rig) => void (await rig.auth.signOut(rig.connection));
const leavesAt = (step: string) => (rig: Rig) => {
  rig.atStep = async (name) => (name === step ? leave(rig) : undefined);
};
for (const during of ['signIn', 'renewal'] as const)
  table(
    15,
    during,
    all(
      [
        ['a sign-out while the answer is on its way', (rig) => Object.assign(rig, { late: () => leave(rig) })],
        ['a sign-out when the refresh token is written', leavesAt('token:kept')],
        ['a sign-out when the status is written', leavesAt('token:status')],
      ],
      'signedOut',
      null,
      'none',
      1,
    ),
  );
table(15, 'renewal', [['a sign-out before anything is sent', leavesAt('refresh:pending'), 'signedOut', null, 'none', 1]]);
table(15, 'signIn', [
  [
    'a cancelled sign-in whose answer comes late',
    (rig) => Object.assign(rig, { late: () => rig.auth.cancelSignIn(rig.connection) }),
    'signedOut',
    'cancelled',
    'none',
    1,
  ],
]);

table(
  6,
  'signIn',
  [
    ['a service account that is unknown', withSecret(refusal(401, 'invalid_client')), 'signedOut', 'invalidClient', 'none', 1],
    ['a service account refused with a bare 401', withSecret(answers(401)), 'signedOut', 'invalidClient', 'none', 1],
    ['a service account without its secret', () => undefined, 'signedOut', 'secretMissing', 'none', 0],
    ['a service account while the provider is down', withSecret(answers(503)), 'signedOut', 'providerError', 'none', 1],
    [
      'a service account with fewer scopes',
      withSecret(answers(200, { access_token: 'x', token_type: 'Bearer', scope: 'view:agent' })),
      'scopeLost',
      null,
      'tokenless',
      1,
    ],
  ],
  ACCOUNT,
);
table(6, 'signIn', [['a service account without a scope', withSecret(() => undefined), 'signedOut', 'scopeNeeded', 'none', 0]], {
  ...ACCOUNT,
  vocabulary: 'custom',
});
table(
  6,
  'signIn',
  [
    ['an access key that is refused', withSecret(answers(401, { message: 'no' })), 'signedOut', 'keyRefused', 'none', 1],
    ['an access key at the wrong address', withSecret(answers(404)), 'signedOut', 'discoveryFailed', 'none', 1],
    ['an access key behind a portal', withSecret(answers(200, '<html>', 'text/html')), 'signedOut', 'providerError', 'none', 1],
  ],
  { profile: 'public', grant: 'accessKey' },
);

async function keptOf(rig: Rig, before: string | null): Promise<Kept> {
  const stored = await rig.vault().read();
  if (typeof stored === 'string') return 'none';
  const { refreshToken, refused } = stored.value;
  if (refused) return 'refused';
  if (refreshToken === null) return 'tokenless';
  return refreshToken === before ? 'old' : 'new';
}

describe.each(cases)('row $row, $during: $what', ({ during, arrange, phase, failure, kept, asked, over }) => {
  it(`ends as ${phase}, ${failure}; tokens: ${kept}; asked ${asked} times`, async () => {
    const rig = new Rig(tenant, over);
    if (during === 'renewal') await rig.signedIn();
    const before = during === 'renewal' ? (await rig.grant()).refreshToken : null;
    if (during === 'renewal') await rig.due();
    const start = rig.asked.length;
    await arrange(rig);
    if (during === 'signIn') await rig.auth.signIn(rig.connection, false);
    else await rig.token();
    expect(await rig.status()).toMatchObject({ phase, failure });
    expect(await keptOf(rig, before)).toBe(kept);
    expect(rig.asked).toHaveLength(start + asked);
    // A good end has a token, and no other has.
    expect((await rig.access()) !== null && phase !== 'recovering').toBe(phase === 'signedIn' || phase === 'scopeLost');
    if (phase === 'signedOut') expect(await rig.status()).toEqual({ ...SIGNED_OUT, failure, sinceMs: expect.any(Number) });
    expect(rig.errors).toEqual([]);
    // Nor is anybody asked again at once for what is decided.
    const settled = ['signedIn', 'scopeLost', 'needsSignIn', 'signedOut'].includes(phase);
    if (settled) for (let i = 0; i < 3; i++) expect((await rig.token()).ok).toBe(phase === 'signedIn');
    if (settled) expect(rig.asked).toHaveLength(start + asked);
  });
});

it('are sixty cases at least, each with a name of its own', () => {
  expect(cases.length).toBeGreaterThanOrEqual(60);
  expect(new Set(cases.map(({ row, what, during }) => `${row} ${during} ${what}`)).size).toBe(cases.length);
  expect(new Set(cases.map(({ row }) => row))).toEqual(new Set([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]));
});
