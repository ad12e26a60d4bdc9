/** Whatever a token endpoint may answer: an answer that can be trusted, or an AuthError; and the rotated token is in our hands in either case. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askByAccessKey } from '../../../src/auth/access-key.ts';
import { AuthError } from '../../../src/auth/errors.ts';
import type { Provider } from '../../../src/auth/provider.ts';
import type { TokenAnswer } from '../../../src/auth/token-answer.ts';
import { askAsClient, exchangeCode, renew } from '../../../src/auth/token-endpoint.ts';
import { readRedirect } from '../../../src/auth/web-flow.ts';
import { type Connection, EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { type Exchange, HTTP_FAILURES, HttpError } from '../../../src/domain/http.ts';
import { EXTENSION_REDIRECT } from '../../tenant/tenant.ts';
import { runs } from '../support/runs.ts';
import { answered } from './rig.ts';

const RUNS = runs(Number(process.env.AUTH_RUNS ?? 10_000));
/** On a busy machine. */
const SLOW = 60_000;
const ISSUER = 'https://sso.example';
const provider: Provider = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/a`,
  token_endpoint: `${ISSUER}/t`,
  scopes_supported: ['openid'],
};
const connection: Connection = { id: 'c', ...EMPTY_DRAFT, issuer: ISSUER, clientId: 'agent-watch' };

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: unknown) => `${base64url({ alg: 'RS256' })}.${base64url(claims)}.c2ln`;
const now = Math.floor(Date.now() / 1000);
const idClaims = { iss: ISSUER, aud: 'agent-watch', sub: 'demo', iat: now, exp: now + 3600, nonce: 'n' };

/** Members that make `String(value)` or a merge go wrong. */
const evil = fc.constantFrom<unknown>([{ toString: 1 }], { toString: 1 }, { valueOf: null }, [[]], [null], {
  __proto__: { scope: 'x' },
});
const nonsense = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, 1e300, true, [], {}, 'a b', 'a\r\nb', '\u0000', 'é', '3600abc', 'x'.repeat(5000)),
  evil,
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const orNonsense = (good: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 5, arbitrary: good }, { weight: 2, arbitrary: nonsense }, { weight: 1, arbitrary: fc.constant(undefined) });
const claim = fc.oneof(fc.constantFrom<unknown>('a b', ['a', 'b'], undefined), evil, fc.jsonValue({ maxDepth: 1 }));
const body = fc.record({
  access_token: orNonsense(
    fc.oneof(
      fc.constant('opaque-CANARY'),
      fc.record({ scope: claim, scp: claim, org_id: claim }).map(jwt),
      fc.string({ maxLength: 20 }),
    ),
  ),
  refresh_token: orNonsense(fc.constantFrom('rt-CANARY', 'r2')),
  token_type: orNonsense(fc.constantFrom('Bearer', 'bearer', 'BEARER', 'DPoP')),
  expires_in: orNonsense(fc.constantFrom(3600, '3600', 1)),
  scope: orNonsense(fc.constantFrom<unknown>('a b', 'openid a', '', ['a', 'b'], ['openid'])),
  id_token: fc.oneof(
    fc.constant(undefined),
    fc.constant(jwt(idClaims)),
    fc.constantFrom<unknown>(
      jwt({ ...idClaims, aud: 'x' }),
      jwt({ ...idClaims, exp: 1 }),
      jwt(null),
      'a.b.c',
      'a.b.c.d.e',
      null,
      '',
    ),
    nonsense,
  ),
  error: fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    fc.constantFrom<unknown>('invalid_grant', 'invalid_scope', 'CANARY', 1),
  ),
  error_description: fc.constantFrom<unknown>(undefined, 'CANARY', 'origin not allowed', 7),
});
const text = fc.oneof(
  { weight: 8, arbitrary: body.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.json() },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      'null',
      '[]',
      '"x"',
      '{',
      '{"__proto__":{"access_token":"x"},"token_type":"Bearer"}',
      '<html>',
      '\ufeff{}',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);
const status = fc.oneof(
  { weight: 8, arbitrary: fc.constant(200) },
  fc.constantFrom(201, 204, 301, 304, 400, 401, 403, 404, 407, 429, 500, 503, 600, 0),
);
const contentType = fc.constantFrom('application/json', 'text/html', 'text/plain', '', 'application/jwt', 'nonsense');

const VISIBLE = /^[!-~]+$/;
function parsed(answer: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(answer);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** A 200 that says no more than an error. */
function saysError(raw: Record<string, unknown>): boolean {
  const nothing = [raw.access_token, raw.refresh_token].every((token) => typeof token !== 'string' || !VISIBLE.test(token));
  return typeof raw.error === 'string' && raw.error !== '' && nothing;
}

/** The answer names what it grants, and `openid` is not among it: then there need be no ID token. */
function withoutOpenId(scope: unknown): boolean {
  if (Array.isArray(scope)) return !scope.includes('openid');
  return typeof scope === 'string' && !scope.split(' ').includes('openid');
}

/** `expect` takes longer than what it looks at. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** What must hold of every answer that was taken. */
function checkAnswer(answer: TokenAnswer, raw: Record<string, unknown> | null): void {
  must(answer.accessToken === raw?.access_token, 'another access token');
  for (const token of [answer.accessToken, answer.refreshToken, answer.idToken])
    must(token === null || VISIBLE.test(token), 'a token that must not travel in a header');
  must(String(raw?.token_type ?? 'bearer').toLowerCase() === 'bearer', 'another type of token');
  must(answer.expiresInMs >= 60_000 && answer.expiresInMs <= 86_400_000, 'a lifetime out of bounds');
  must(
    (answer.scopes ?? []).every((scope) => VISIBLE.test(scope)),
    'a scope that is none',
  );
  must(typeof raw?.scope !== 'string' || answer.scopes !== null, 'a scope overheard');
  must(Object.getPrototypeOf(answer.claims) === Object.prototype, 'claims with another prototype');
}

function checkError(error: unknown): void {
  if (!(error instanceof AuthError)) throw new Error(`not an AuthError: ${error}`, { cause: error });
  must(!`${error.message} ${error.stack} ${error.cause} ${error.detail}`.includes('CANARY'), 'a word of the answer in the error');
}

const redirect = `${EXTENSION_REDIRECT}?code=c-1&state=s`;
const transaction = { state: 's', nonce: 'n', verifier: 'v'.repeat(43), redirectUri: EXTENSION_REDIRECT, atMs: 0 };
const params = () => readRedirect(redirect, provider, connection, transaction, 1);

describe('any answer', () => {
  it(
    'to a renewal: the rotated token is kept first, then it is good or an AuthError',
    async () => {
      let good = 0;
      await fc.assert(
        fc.asyncProperty(text, status, contentType, async (answer, code, type) => {
          const kept: (string | null)[][] = [];
          let over = false;
          const exchange: Exchange = async () => answered(code, answer, type);
          const raw = parsed(answer);
          const keep = async (...tokens: [string | null, string | null]) => {
            must(!over, 'kept too late');
            kept.push(tokens);
          };
          try {
            const taken = await renew({ provider, connection, exchange }, 'old', 'a b', keep);
            over = true;
            good++;
            must(code === 200, 'taken with another status');
            checkAnswer(taken, raw);
          } catch (error) {
            over = true;
            checkError(error);
          }
          const good200 = code === 200 && raw !== null && !saysError(raw);
          const sent = good200 ? raw.refresh_token : null;
          must(kept.length === (good200 ? 1 : 0), 'kept not once');
          must(!kept[0] || kept[0][0] === (typeof sent === 'string' && VISIBLE.test(sent) ? sent : null), 'the wrong one kept');
        }),
        RUNS,
      );
      expect(good).toBeGreaterThan(RUNS.numRuns / 20);
    },
    SLOW,
  );

  it(
    'to a sign-in: good with a checked ID token, or an AuthError',
    async () => {
      let good = 0;
      await fc.assert(
        fc.asyncProperty(text, status, contentType, fc.constantFrom('n', null), async (answer, code, type, nonce) => {
          const exchange: Exchange = async () => answered(code, answer, type);
          try {
            const taken = await exchangeCode(
              { provider, connection, exchange },
              params(),
              EXTENSION_REDIRECT,
              'v'.repeat(43),
              nonce,
            );
            good++;
            must(code === 200, 'taken with another status');
            const raw = parsed(answer);
            checkAnswer(taken, raw);
            const none = taken.idToken === null && withoutOpenId(raw?.scope);
            must(nonce === null || none || taken.idToken === jwt(idClaims), 'an ID token nobody checked');
          } catch (error) {
            checkError(error);
          }
        }),
        { numRuns: RUNS.numRuns / 5 },
      );
      expect(good).toBeGreaterThan(RUNS.numRuns / 500);
    },
    SLOW,
  );
});

describe('any answer where there is no page', () => {
  it.each([
    ['a service account', (exchange: Exchange) => askAsClient({ provider, connection, exchange }, 'secret', 'a b')],
    ['an access key', (exchange: Exchange) => askByAccessKey(exchange, connection, { id: 'i', secret: 'secret' })],
  ])(
    'to %s: good or an AuthError',
    async (_who, ask) => {
      let good = 0;
      await fc.assert(
        fc.asyncProperty(text, status, contentType, async (answer, code, type) => {
          try {
            const taken = await ask(async () => answered(code, answer, type));
            good++;
            must(code === 200, 'taken with another status');
            must(taken.idToken === null, 'an ID token nobody checked');
            checkAnswer(taken, parsed(answer));
          } catch (error) {
            checkError(error);
          }
        }),
        { numRuns: RUNS.numRuns / 5 },
      );
      expect(good).toBeGreaterThan(RUNS.numRuns / 100);
    },
    SLOW,
  );
});

describe('no answer', () => {
  it.each([...HTTP_FAILURES.map((code) => new HttpError(code)), new TypeError('CANARY'), 'CANARY', undefined])(
    '%s',
    async (thrown) => {
      const exchange: Exchange = () => Promise.reject(thrown);
      const error: unknown = await renew({ provider, connection, exchange }, 'old', 'a', async () => undefined).catch(
        (e: unknown) => e,
      );
      checkError(error);
      const refused = thrown instanceof HttpError && thrown.code === 'hostRefused';
      expect(error).toMatchObject({ failure: refused ? 'hostRefused' : 'network', transient: !refused });
    },
  );
});

describe('what is sent', () => {
  it('names client, token and scope, and never a secret in the address', async () => {
    const sent: { url: string; form: string }[] = [];
    const exchange: Exchange = async (url, init) => {
      sent.push({ url, form: String(init?.body) });
      return answered(503);
    };
    const call = { provider, connection, exchange };
    await renew(call, 'rt-1', 'a b', async () => undefined).catch(() => undefined);
    await renew(call, 'rt-1', null, async () => undefined).catch(() => undefined);
    await exchangeCode(call, params(), EXTENSION_REDIRECT, 'v'.repeat(43), 'n').catch(() => undefined);
    expect(sent.map(({ url }) => url)).toEqual([`${ISSUER}/t`, `${ISSUER}/t`, `${ISSUER}/t`]);
    const [first, second, third] = sent.map(({ form }) => Object.fromEntries(new URLSearchParams(form)));
    expect(first).toEqual({ grant_type: 'refresh_token', refresh_token: 'rt-1', scope: 'a b', client_id: 'agent-watch' });
    expect(second).toEqual({ grant_type: 'refresh_token', refresh_token: 'rt-1', client_id: 'agent-watch' });
    expect(third).toEqual({
      grant_type: 'authorization_code',
      code: 'c-1',
      redirect_uri: EXTENSION_REDIRECT,
      code_verifier: 'v'.repeat(43),
      client_id: 'agent-watch',
    });
  });
});
