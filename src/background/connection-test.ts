/** "Test connection", line by line; each line says what was found, or which step failed and why (`view.test`). */
import { AuthError } from '../auth/errors.ts';
import { discover } from '../auth/provider.ts';
import { type Connection, requiredScopes } from '../domain/connection.ts';
import { connectionHosts } from '../domain/connection-hosts.ts';
import { type HttpAnswer, HttpError } from '../domain/http.ts';
import { lacking } from '../domain/scopes.ts';
import { publish, TEST_STEPS, type TestLine, type TestRun, type TestStep } from '../messages/published.ts';
import { tCode } from '../messages/words.ts';
import { authStatusItem } from '../storage/items.ts';
import { hostsMissing } from './config.ts';
import { auth, exchangeFor, portFor } from './services.ts';

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
      if (detail === '404') return failed('test_discoveryNotFound', url);
      if (detail === 'json') return failed('test_discoveryNotJson', url);
      return failed(
        'test_discoveryFailed',
        url,
        detail || tCode(`auth_${error instanceof AuthError ? error.failure : 'discoveryFailed'}`),
      );
    }
  },

  async api(connection) {
    const { apiBaseUrl, apiPrefix } = connection;
    const url = `${apiBaseUrl}${apiPrefix}/agents/states`;
    let answer: HttpAnswer;
    try {
      answer = await exchangeFor(connection)(url, { headers: { accept: 'application/json' } });
    } catch (error) {
      // A redirect leads to a log-in page: the web application's address, or a portal.
      if (error instanceof HttpError && error.code === 'redirect') return failed('test_apiWebPage', hostOf(apiBaseUrl));
      return failed('test_apiUnreachable', hostOf(apiBaseUrl));
    }
    if (answer.contentType.includes('html')) return failed('test_apiWebPage', hostOf(apiBaseUrl));
    if (answer.status === 404) return failed('test_apiNotFound', url);
    if (answer.status >= 500) return failed('test_apiServerError', answer.status);
    // Without a token an API that is there says 401.
    return ok('test_apiOk', hostOf(apiBaseUrl));
  },

  async signIn(connection) {
    const status = authStatusItem(connection.id);
    const { phase } = await status.get();
    if (phase === 'signedOut' || phase === 'needsSignIn' || phase === 'signingIn')
      return { result: 'waiting', key: 'test_signInNeeded' };
    const token = await auth.accessToken(connection);
    if (token.ok || (await status.get()).phase === 'scopeLost') return ok('test_signInOk');
    return failed('test_signInFailed', token.failure ? tCode(`auth_${token.failure}`) : '');
  },

  async scopes(connection) {
    const { effectiveScopes } = await authStatusItem(connection.id).get();
    const required = requiredScopes(connection);
    const missing = lacking(required, effectiveScopes);
    return missing.length > 0
      ? failed('test_scopesMissing', missing.join(', '), effectiveScopes.join(', ') || '–')
      : ok('test_scopesOk', required.join(', '));
  },

  async states(connection) {
    const token = await auth.accessToken(connection);
    if (!token.ok) return failed('test_statesUnauthorized');
    const port = portFor(connection);
    const answer = await port.states(token.access.token);
    if (answer.outcome === 'forbidden') return failed('test_statesForbidden', answer.detail);
    if (answer.outcome === 'unauthorized') return failed('test_statesUnauthorized');
    if (answer.outcome !== 'ok')
      return failed('test_statesFailed', tCode(`problem_${answer.outcome}_title`, [hostOf(answer.origin)]) || answer.outcome);
    if (answer.rows.length > 0) return ok('test_statesOk', answer.rows.length);
    const me = await port.me(token.access.token);
    const { organisationId } = await authStatusItem(connection.id).get();
    return failed('test_statesEmpty', (me.outcome === 'ok' && me.me.organisationId) || organisationId || '–');
  },
};

/** Runs the steps one after the other; after the first that fails the rest waits. */
export async function testConnection(connection: Connection): Promise<void> {
  const run: TestRun = {
    startedMs: Date.now(),
    running: true,
    lines: TEST_STEPS.map((step) => line(step, 'waiting', 'test_waits')),
  };
  let stopped = false;
  for (const [index, step] of TEST_STEPS.entries()) {
    if (stopped) break;
    run.lines[index] = line(step, 'running', '');
    await publish({ 'view.test': run });
    const startMs = Date.now();
    const { result, key, params = [] } = await STEPS[step](connection).catch(() => failed('test_statesFailed', ''));
    run.lines[index] = { step, result, key, params: params.map(String), tookMs: Date.now() - startMs };
    stopped = result !== 'ok';
  }
  await publish({ 'view.test': { ...run, running: false } });
}

function line(step: TestStep, result: TestLine['result'], key: string): TestLine {
  return { step, result, key, params: [], tookMs: 0 };
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : origin;
}
