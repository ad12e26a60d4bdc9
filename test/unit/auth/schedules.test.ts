/**
 * Any order in which renewals, rejections, sign-outs and starts of the worker may interleave (faults 3 and 15): every access to the
 * provider, the vault, the status and the session is a point at which fast-check decides who goes on.
 */
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { type Auth, createAuth } from '../../../src/auth/auth.ts';
import type { AuthDeps } from '../../../src/auth/deps.ts';
import type { Access, Grant } from '../../../src/auth/vault.ts';
import { type AuthStatus, SIGNED_OUT } from '../../../src/domain/auth-status.ts';
import { type Connection, EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { fake, fakeBrowser } from '../support/fake-browser.ts';
import type { FakeLocks } from '../support/fake-locks.ts';
import { runs } from '../support/runs.ts';
import { answered } from './rig.ts';

/** For each of the three properties: 10,000 schedules in all (security-reliability.md section 10 asks for 1,000, and 20,000 at night). */
const RUNS = runs(Number(process.env.AUTH_RUNS ?? 3_400));
const ISSUER = 'https://sso.example';
const connection: Connection = {
  id: 'c',
  ...EMPTY_DRAFT,
  issuer: '',
  authorizationEndpoint: `${ISSUER}/auth`,
  tokenEndpoint: `${ISSUER}/token`,
  clientId: 'agent-watch',
};
const SCOPE = ['view:agent', 'view:interaction'];
const ACCESS = 'c/access';

type Point = <T>(work: () => T) => Promise<T>;
type Weather = 'fair' | 'refuses' | 'down' | 'narrows';

/** What is stored, without any time passing in it. */
interface World {
  status: AuthStatus;
  vault: { value: Grant; generation: string } | null;
  session: Map<string, unknown>;
}

/** A provider with rotating tokens, where a spent one ends the family; and single sign-on or not. */
class FakeProvider {
  issued = 1;
  good = 'r1';
  revoked = false;
  readonly sent: { token: string; status: number }[] = [];
  silent = 0;
  signedOut = false;
  constructor(
    readonly weather: Weather,
    readonly sso: boolean,
  ) {}

  answer(form: URLSearchParams) {
    const token = form.get('refresh_token');
    if (token === null && !form.has('code')) {
      this.revoked = true;
      return answered(200);
    }
    let status = 200;
    if (token !== null) {
      if (this.weather === 'refuses' || this.revoked || token !== this.good) status = 400;
      else if (this.weather === 'down') status = 503;
      this.sent.push({ token, status });
    }
    if (status === 400) return answered(400, { error: 'invalid_grant' });
    if (status === 503) return answered(503);
    this.good = `r${++this.issued}`;
    const scope = this.weather === 'narrows' ? 'view:agent' : SCOPE.join(' ');
    return answered(200, {
      access_token: `a${this.issued}`,
      token_type: 'Bearer',
      refresh_token: this.good,
      scope,
      expires_in: 3600,
    });
  }
}

function depsOf(world: World, provider: FakeProvider, point: Point): AuthDeps {
  const stored = <T>(get: () => T, set: (value: T) => void) => ({
    get: () => point(get),
    update: (change: (value: T) => T) =>
      point(() => {
        set(change(get()));
        return get();
      }),
  });
  let transaction: Parameters<ReturnType<AuthDeps['transaction']>['update']>[0] extends (value: infer T) => unknown ? T : never =
    null;
  return {
    exchange: () => async (_url, init) => {
      const form = new URLSearchParams(String(init?.body));
      await point(() => undefined);
      const answer = provider.answer(form);
      await point(() => undefined);
      return answer;
    },
    origins: () => [ISSUER],
    metadata: () => ({ get: async () => ({ atMs: 0, issuer: '', metadata: null }), update: async () => undefined }),
    status: () =>
      stored(
        () => world.status,
        (value) => {
          world.status = value;
        },
      ),
    transaction: () =>
      stored(
        () => transaction,
        (value) => {
          transaction = value;
        },
      ),
    vault: async () => ({
      read: () => point(() => world.vault ?? 'absent'),
      write: (value, generation, expected) =>
        point(() => {
          if (expected !== null && world.vault?.generation !== expected) return false;
          world.vault = { value, generation };
          return true;
        }),
      erase: () =>
        point(() => {
          world.vault = null;
        }),
    }),
    secret: async () => ({ read: async () => 'absent', write: async () => false, erase: () => point(() => undefined) }),
    allows: async () => true,
    owner: async () => 'o',
    log: async () => undefined,
    step: async () => undefined,
  };
}

type Op = 'token' | 'rejected' | 'signOut' | 'resume';
const op = fc.constantFrom<Op>('token', 'token', 'token', 'rejected', 'signOut', 'resume');

async function play(s: fc.Scheduler, ops: Op[], weather: Weather, sso: boolean, age: 'due' | 'expired', pending: boolean) {
  (navigator.locks as unknown as FakeLocks).reset();
  const now = Date.now();
  const access: Access = {
    token: 'a1',
    receivedMs: now - 3_600_000,
    expiresMs: age === 'due' ? now + 60_000 : now - 1,
    renewMs: now - 1,
    generation: 'g',
    forced: false,
    owner: 'o',
  };
  const grant: Grant = {
    refreshToken: 'r1',
    idToken: null,
    grantedScopes: SCOPE,
    epoch: 1,
    renewals: 0,
    pending: pending ? { epoch: 2, atMs: now } : null,
    refused: false,
  };
  const world: World = {
    status: { ...SIGNED_OUT, phase: 'signedIn', grantedScopes: SCOPE, effectiveScopes: SCOPE },
    vault: { value: grant, generation: 'g' },
    session: new Map([[ACCESS, access]]),
  };
  const provider = new FakeProvider(weather, sso);
  const point: Point = async (work) => {
    await s.schedule(Promise.resolve());
    return work();
  };
  vi.spyOn(fakeBrowser.storage.session, 'get').mockImplementation((key) =>
    point(() => ({ [String(key)]: world.session.get(String(key)) })),
  );
  vi.spyOn(fakeBrowser.storage.session, 'set').mockImplementation((items) =>
    point(() => {
      for (const [key, value] of Object.entries(items)) world.session.set(key, value);
    }),
  );
  vi.spyOn(fakeBrowser.storage.session, 'remove').mockImplementation((key) =>
    point(() => {
      for (const one of [key].flat()) world.session.delete(String(one));
    }),
  );
  fake.launchWebAuthFlow = async ({ url }) => {
    provider.silent++;
    await point(() => undefined);
    if (!provider.sso) throw new Error('User interaction required.');
    return `${fakeBrowser.identity.getRedirectURL()}?code=c&state=${new URL(url).searchParams.get('state')}`;
  };
  const auth: Auth = createAuth(depsOf(world, provider, point));
  const handed: { token: string; phase: string; signedOut: boolean }[] = [];
  const run: Record<Op, () => Promise<unknown>> = {
    token: () => auth.accessToken(connection),
    rejected: () => auth.accessToken(connection, access),
    resume: () => auth.resume(connection),
    signOut: async () => {
      await auth.signOut(connection);
      provider.signedOut = true;
    },
  };
  const all = ops.map(async (name) => {
    await s.schedule(Promise.resolve());
    const late = provider.signedOut;
    const result = await run[name]();
    if (name === 'token' || name === 'rejected') {
      const { ok, access: got } = result as { ok: boolean; access?: Access };
      if (ok && got) handed.push({ token: got.token, phase: world.status.phase, signedOut: late });
    }
  });
  await s.waitFor(Promise.all(all));
  return { world, provider, handed };
}

const game = [
  fc.scheduler(),
  fc.array(op, { minLength: 2, maxLength: 6 }),
  fc.constantFrom<Weather>('fair', 'fair', 'refuses', 'down', 'narrows'),
  fc.boolean(),
  fc.constantFrom<'due' | 'expired'>('due', 'expired'),
  fc.boolean(),
] as const;

it('asks once for each epoch, whoever comes, and asks silently once after a refusal', async () => {
  await fc.assert(
    fc.asyncProperty(...game, async (...args) => {
      const [, , weather, sso] = args;
      const { provider } = await play(...args);
      // Nothing falls due a second time in a game; only a provider that is down may be asked again.
      if (weather !== 'down') expect(provider.sent.length).toBeLessThanOrEqual(1);
      const refused = provider.sent.filter(({ status }) => status === 400).map(({ token }) => token);
      expect(new Set(refused).size).toBe(refused.length);
      if (!sso) expect(provider.silent).toBeLessThanOrEqual(1);
    }),
    RUNS,
  );
}, 60_000);

it('leaves nothing behind a sign-out, whatever was under way', async () => {
  await fc.assert(
    fc.asyncProperty(...game, async (s, ops, ...rest) => {
      const { world, handed } = await play(s, [...ops, 'signOut'], ...rest);
      expect(world.status.phase).toBe('signedOut');
      expect(world.vault).toBeNull();
      expect(world.session.get(ACCESS)).toBeUndefined();
      expect(handed.filter(({ signedOut }) => signedOut)).toEqual([]);
    }),
    RUNS,
  );
}, 60_000);

it('hands out no token that lacks a scope', async () => {
  await fc.assert(
    fc.asyncProperty(...game, async (s, ops, _weather, ...rest) => {
      const { handed } = await play(s, ops, 'narrows', ...rest);
      expect(handed.map(({ token }) => token).filter((token) => token !== 'a1')).toEqual([]);
    }),
    RUNS,
  );
}, 60_000);
