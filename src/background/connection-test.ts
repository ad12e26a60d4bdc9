/** "Test connection", line by line; each line says what was found, or which step failed and why (`view.test`). */
import { AuthError } from '../auth/errors.ts';
import { discover } from '../auth/provider.ts';
import { otherVersions } from '../cxone/profiles/public/versions.ts';
import { type Connection, requiredScopes } from '../domain/connection.ts';
import { connectionHosts, hostOf } from '../domain/connection-hosts.ts';
import { versionOf } from '../domain/connection-profile.ts';
import { type HttpAnswer, HttpError } from '../domain/http.ts';
import { lacking } from '../domain/scopes.ts';
import { publish, TEST_STEPS, type TestLine, type TestRun, type TestStep } from '../messages/published.ts';
import { tCode } from '../messages/words.ts';
import { authStatusItem, discoveredItem } from '../storage/items.ts';
import { hostsMissing, loadConfig } from './config.ts';
import { auth, exchangeFor } from './credentials.ts';
import { located } from './locate.ts';
import { portFor } from './services.ts';

interface Finding {
  result: 'ok' | 'failed' | 'waiting' | 'skipped';
  key: string;
  params?: (string | number)[];
}

const ok = (key: string, ...params: (string | number)[]): Finding => ({ result: 'ok', key, params });
const failed = (key: string, ...params: (string | number)[]): Finding => ({ result: 'failed', key, params });

const STEPS: Record<TestStep, (connection: Connection) => Promise<Finding>> = {
  async hosts(connection) {
    const missing = await hostsMissing(connection);
    const hosts = connectionHosts(connection);
    return missing.length > 0 ? failed('test_hostsMissing', missing.map(hostOf).join(', ')) : ok('test_hostsOk', hosts.length);
  },

  async discovery(connection) {
    const { issuer, authorizationEndpoint, tokenEndpoint } = connection;
    if (issuer === '' || (authorizationEndpoint !== '' && tokenEndpoint !== '')) return ok('test_discoveryByHand');
    const url = `${issuer}/.well-known/openid-configuration`;
    try {
      await discover(issuer, exchangeFor(connection));
      return ok('test_discoveryOk', hostOf(issuer));
    } catch (error) {
      const detail = error instanceof AuthError ? error.detail : '';
      if (error instanceof AuthError && error.issuer !== '') return failed('test_discoveryOtherIssuer', url, error.issuer);
      if (detail === '404') return failed('test_discoveryNotFound', url);
      if (detail === 'json') return failed('test_discoveryNotJson', url);
      return failed(
        'test_discoveryFailed',
        url,
        detail || tCode(`auth_${error instanceof AuthError ? error.failure : 'discoveryFailed'}`),
      );
    }
  },

  async api(given) {
    const connection = await withAddress(given);
    const { apiBaseUrl } = connection;
    if (apiBaseUrl === '') {
      const { notFound } = await discoveredItem(connection.id).get();
      // Where the API is, CXone tells for the tenant of a token.
      if (!notFound) return { result: 'skipped', key: 'test_apiAfterSignIn' };
      return failed('test_apiNotLocated', tCode(`discovery_${notFound.mistake}`, [notFound.where]));
    }
    const missing = await hostsMissing(connection);
    if (missing.length > 0) return failed('test_hostsMissing', missing.map(hostOf).join(', '));
    return reached(connection);
  },

  async signIn(connection) {
    const status = authStatusItem(connection.id);
    const { phase, failure } = await status.get();
    // It is no use to sign in again in the same way.
    if (failure === 'wrongTenant') return failed('test_signInFailed', tCode('auth_wrongTenant'));
    if (phase === 'signedOut' || phase === 'needsSignIn' || phase === 'signingIn')
      return { result: 'waiting', key: 'test_signInNeeded' };
    const token = await auth.accessToken(connection);
    if (token.ok || (await status.get()).phase === 'scopeLost') return ok('test_signInOk');
    return failed('test_signInFailed', token.failure ? tCode(`auth_${token.failure}`) : '');
  },

  async scopes(connection) {
    const { effectiveScopes } = await authStatusItem(connection.id).get();
    const required = requiredScopes(connection);
    if (required.length === 0) return ok('test_scopesNone');
    const missing = lacking(required, effectiveScopes);
    return missing.length > 0
      ? failed('test_scopesMissing', missing.join(', '), effectiveScopes.join(', ') || '–')
      : ok('test_scopesOk', required.join(', '));
  },

  async states(given) {
    const connection = await withAddress(given);
    // Afterwards: a token is asked for the very connection it is sent to.
    const token = await auth.accessToken(connection);
    if (!token.ok) return failed('test_statesUnauthorized');
    const port = portFor(connection);
    const answer = await port.states(token.access.token, '');
    if (answer.outcome === 'forbidden') return failed('test_statesForbidden', answer.detail);
    if (answer.outcome === 'unauthorized') return failed('test_statesUnauthorized');
    if (answer.outcome !== 'ok') {
      const [path = ''] = port.pathOf('states').split('?');
      const why = tCode(`problem_${answer.outcome}_title`, [hostOf(answer.origin)]) || answer.outcome;
      return failed('test_statesFailed', connection.apiBaseUrl + path, why);
    }
    if (answer.rows.length > 0) return ok('test_statesOk', answer.rows.length);
    const me = await port.me(token.access.token);
    const { organisationId } = await authStatusItem(connection.id).get();
    return failed('test_statesEmpty', (me.outcome === 'ok' && me.me.organisationId) || organisationId || '–');
  },
};

/** Whether the API answers: with the version that is set, else with one that a poll would find as well. */
async function reached(connection: Connection): Promise<Finding> {
  const { profile, apiBaseUrl, apiPrefix } = connection;
  const others = profile === 'public' ? otherVersions(apiPrefix) : [];
  let first: Finding | null = null;
  for (const prefix of [apiPrefix, ...others]) {
    const url = `${apiBaseUrl}${prefix}/agents/states`;
    let answer: HttpAnswer;
    try {
      answer = await exchangeFor(connection)(url, { headers: { accept: 'application/json' } });
    } catch (error) {
      // A redirect leads to a log-in page: the web application's address, or a portal.
      if (error instanceof HttpError && error.code === 'redirect') return failed('test_apiWebPage', url);
      return failed('test_apiUnreachable', url);
    }
    const isPage = answer.contentType.includes('html');
    if (answer.status === 404) {
      // What is wrong with the one that is set is what has to be put right.
      first ??= failed(isPage ? 'test_apiWebPage' : 'test_apiNotFound', url);
      continue;
    }
    if (isPage) return failed('test_apiWebPage', url);
    if (answer.status >= 500) return failed('test_apiServerError', answer.status);
    // Without a token an API that is there says 401.
    if (prefix === apiPrefix) return ok('test_apiOk', hostOf(apiBaseUrl));
    return ok('test_apiOtherVersion', hostOf(apiBaseUrl), versionOf(prefix), versionOf(apiPrefix));
  }
  return first ?? failed('test_apiUnreachable', apiBaseUrl);
}

/** With the address CXone tells, where it was left open. */
async function withAddress(connection: Connection): Promise<Connection> {
  const config = connection.apiBaseUrl === '' ? await loadConfig(connection.id) : null;
  const found = config && (await located(config, exchangeFor(connection), true));
  return found?.connection ?? connection;
}

/** Runs the steps one after the other; after the first that fails the rest waits. */
export async function testConnection(connection: Connection): Promise<void> {
  const run: TestRun = {
    connectionId: connection.id,
    startedMs: Date.now(),
    running: true,
    lines: TEST_STEPS.map((step) => line(step, 'waiting', 'test_waits')),
  };
  let stopped = false;
  await auth.recheckTenant(connection);
  for (const [index, step] of TEST_STEPS.entries()) {
    if (stopped) break;
    run.lines[index] = line(step, 'running', '');
    await publish({ 'view.test': run });
    const startMs = Date.now();
    const { result, key, params = [] } = await STEPS[step](connection).catch(() => failed('test_stalled'));
    run.lines[index] = { step, result, key, params: params.map(String), tookMs: Date.now() - startMs };
    stopped = result === 'failed' || result === 'waiting';
  }
  await publish({ 'view.test': { ...run, running: false } });
}

function line(step: TestStep, result: TestLine['result'], key: string): TestLine {
  return { step, result, key, params: [], tookMs: 0 };
}
