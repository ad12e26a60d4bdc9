/** The redirect against an oracle that takes the text apart by itself: 0 wrong accepts (security-reliability.md 2.1, faults 11 and 12). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuthError } from '../../../src/auth/errors.ts';
import type { Provider } from '../../../src/auth/provider.ts';
import { newTransaction, readRedirect, TRANSACTION_MS } from '../../../src/auth/web-flow.ts';
import { type Connection, EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { EXTENSION_REDIRECT } from '../../tenant/tenant.ts';
import { runs } from '../support/runs.ts';

const RUNS = runs(Number(process.env.AUTH_RUNS ?? 10_000));
const ISSUER = 'https://sso.example';
const AT = 1_000_000;
const transaction = newTransaction(AT);
const { state } = transaction;
const provider: Provider = { issuer: ISSUER, authorization_endpoint: `${ISSUER}/a`, token_endpoint: `${ISSUER}/t` };
const strict: Provider = { ...provider, authorization_response_iss_parameter_supported: true };
const connection: Connection = { id: 'c', ...EMPTY_DRAFT, issuer: ISSUER, clientId: 'agent-watch' };

type Verdict = 'accept' | 'reject' | 'either';

/** Reads the redirect as text, with none of the code's tools: no URL, no URLSearchParams, no library. */
function oracle(answer: string, issRequired: boolean, nowMs: number): Verdict {
  if (nowMs < AT || nowMs > AT + TRANSACTION_MS) return 'reject';
  const prefix = `${EXTENSION_REDIRECT}?`;
  // Chrome hands out normalised addresses; other spellings of the same one (upper case, :443, /x/..) may go either way.
  if (!answer.startsWith(prefix)) return sameAddress(answer) ? 'either' : 'reject';
  const [, query = '', fragment = ''] = /^([^#]*)#?(.*)$/s.exec(answer.replace(/[\0- ]+$/, '').slice(prefix.length)) ?? [];
  if (fragment !== '') return 'reject';
  const pairs: [string, string][] = [];
  for (const part of query.split('&').filter((text) => text !== '')) {
    const at = part.indexOf('=');
    const [name, value] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
    const [plainName, plainValue] = [plain(name), plain(value)];
    // Bytes that are no UTF-8, control characters: nothing an honest provider sends.
    if (plainName === null || plainValue === null) return 'either';
    pairs.push([plainName, plainValue]);
  }
  const all = (name: string) => pairs.filter(([key]) => key === name).map(([, value]) => value);
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) return 'reject';
  if (all('state')[0] !== state) return 'reject';
  const [iss] = all('iss');
  if (iss === undefined ? issRequired : iss !== ISSUER) return 'reject';
  if (all('error').some((text) => text !== '')) return 'reject';
  if ((all('code')[0] ?? '') === '') return 'reject';
  if (all('error').length > 0) return 'either';
  if (['response', 'id_token', 'token'].some((name) => all(name).length > 0)) return 'either';
  return 'accept';
}

function plain(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/** Whether this could be another spelling of our address: judged by hand, generously. */
function sameAddress(answer: string): boolean {
  const bare = (/^([^?#]*)/.exec(answer)?.[1] ?? '').trim().toLowerCase().replaceAll('\\', '/').replace(':443/', '/');
  const [host] = EXTENSION_REDIRECT.slice('https://'.length).split('/');
  const rest = /^https:\/*([^/@]*)(.*)$/.exec(bare);
  const path: string[] = [];
  for (const part of (rest?.[2] ?? '').split('/'))
    if (part === '..') path.pop();
    else if (!['', '.', '%2e'].includes(part)) path.push(part);
  return rest?.[1]?.replace(/[\t\n\r]/g, '') === host && path.length === 0;
}

const word = fc.oneof(fc.constantFrom('', 'a', state, ISSUER, 'x y', '\r\n', 'é', '%00'), fc.string({ maxLength: 12 }));
const param = fc.oneof(
  { weight: 6, arbitrary: fc.constant(['state', state] as const) },
  { weight: 6, arbitrary: fc.constant(['code', 'c-1'] as const) },
  { weight: 3, arbitrary: fc.constant(['iss', ISSUER] as const) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('state', 'code', 'iss', 'error', 'State', 'code[]', 'session_state'), word) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('response', 'token', 'id_token', 'access_token', '__proto__'), word) },
  { weight: 1, arbitrary: fc.tuple(fc.string({ maxLength: 8 }), word) },
);
const query = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .array(param, { maxLength: 5 })
      .map((pairs) => pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')),
  },
  // Half good, then one thing wrong with it.
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('', `&iss=${encodeURIComponent(ISSUER)}`),
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'code', 'iss', 'error'), word), { maxLength: 1 }),
      )
      .map(([iss, more]) =>
        [`code=c-1&state=${state}${iss}`, ...more.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)].join('&'),
      ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 40 }).map((text) => `code=c&state=${state}&${text}`) },
);
const HOST = new URL(EXTENSION_REDIRECT).host;
const address = fc.oneof(
  { weight: 6, arbitrary: fc.constant(EXTENSION_REDIRECT) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      `http://${HOST}/`,
      `https://${HOST}:8443/`,
      `https://${HOST}:443/`,
      `https://${HOST}/callback`,
      `https://${HOST}//`,
      `https://${HOST}/.`,
      `https://${HOST}/x/..`,
      `https://${HOST}/%2e`,
      `https://user@${HOST}/`,
      `https://user:pass@${HOST}/`,
      `https://${HOST}@evil.example/`,
      `https://${HOST}.evil.example/`,
      `https://x${HOST}/`,
      `https://${HOST}./`,
      `https://evil.example/${EXTENSION_REDIRECT}`,
      `https://evil.example/`,
      `https:\\\\evil.example\\@${HOST}/`,
      `HTTPS://${HOST.toUpperCase()}/`,
      `chrome-extension://${HOST}/`,
      `javascript:https://${HOST}/`,
      `data:text/html,https://${HOST}/`,
      `//${HOST}/`,
      ` https://${HOST}/`,
      `https://${HOST.slice(0, 5)}\t${HOST.slice(5)}/`,
      '',
    ),
  },
  { weight: 1, arbitrary: fc.webUrl() },
  { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
);
const tail = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom('#', '#access_token=x', `#code=c-1&state=${state}`, '#_') },
);
const time = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: AT, max: AT + TRANSACTION_MS }) },
  { weight: 1, arbitrary: fc.constantFrom(AT - 1, 0, AT + TRANSACTION_MS + 1, AT + 1e12, AT, AT + TRANSACTION_MS) },
);

describe('a redirect', () => {
  it('is taken exactly when a second reader takes it', () => {
    const tally = { accept: 0, reject: 0, either: 0 };
    fc.assert(
      fc.property(address, query, tail, fc.boolean(), time, (base, params, hash, required, nowMs) => {
        const answer = `${base}?${params}${hash}`;
        const verdict = oracle(answer, required, nowMs);
        tally[verdict]++;
        let accepted: URLSearchParams | null = null;
        try {
          accepted = readRedirect(answer, required ? strict : provider, connection, transaction, nowMs);
        } catch (error) {
          if (!(error instanceof AuthError) || error.message.includes(state)) throw error;
        }
        const taken = accepted === null ? 'reject' : 'accept';
        if (verdict !== 'either' && taken !== verdict) throw new Error(`${taken}, not ${verdict}`);
        if (accepted) {
          expect(accepted.getAll('state')).toEqual([state]);
          expect(accepted.getAll('code')).toHaveLength(1);
        }
      }),
      RUNS,
    );
    // The generator must not have gone soft.
    expect(tally.accept).toBeGreaterThan(RUNS.numRuns / 20);
    expect(tally.reject).toBeGreaterThan(RUNS.numRuns / 4);
  }, 60_000);

  it.each([
    ['an empty issuer', `code=c-1&state=${state}&iss=`],
    ['a code and an error', `code=c-1&state=${state}&error=access_denied`],
    ['another state of the same length', `code=c-1&state=${'x'.repeat(state.length)}`],
    ['no query', ''],
  ])('with %s is not', (_name, params) => {
    expect(() => readRedirect(`${EXTENSION_REDIRECT}?${params}`, provider, connection, transaction, AT)).toThrow(AuthError);
  });

  it('may carry parameters nobody knows (RFC 6749 4.1.2)', () => {
    const answer = `${EXTENSION_REDIRECT}?code=c-1&state=${state}&session_state=abc&iss=${encodeURIComponent(ISSUER)}`;
    expect(readRedirect(answer, provider, connection, transaction, AT).get('code')).toBe('c-1');
  });

  it('may carry any issuer where the endpoints were given by hand without one', () => {
    const byHand = { ...connection, issuer: '' };
    const answer = `${EXTENSION_REDIRECT}?code=c-1&state=${state}&iss=https%3A%2F%2Fother.example`;
    expect(readRedirect(answer, provider, byHand, transaction, AT).get('code')).toBe('c-1');
  });
});
