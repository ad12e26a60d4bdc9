/** Every way Chrome's sign-in window can fail (security-reliability.md 2.4) and every error a provider may answer: which failure, which words. */
import { describe, expect, it } from 'vitest';
import { AuthError } from '../../../src/auth/errors.ts';
import { launch, newTransaction, readRedirect } from '../../../src/auth/web-flow.ts';
import { AUTH_FAILURES, type AuthFailure } from '../../../src/domain/auth-status.ts';
import { EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { fake } from '../support/fake-browser.ts';
import { textOf } from '../support/files.ts';

async function failureOf(work: () => unknown): Promise<AuthError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof AuthError) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

describe('Chrome’s sign-in window', () => {
  it.each<[string, AuthFailure, boolean]>([
    ['The user did not approve access.', 'userClosed', false],
    ['Authorization page could not be loaded.', 'pageFailed', true],
    [
      'User interaction required. Try setting `abortOnLoadForNonInteractive` and `timeoutMsForNonInteractive` if multiple navigations are required to complete the authorization flow.',
      'interactionRequired',
      false,
    ],
    ['Authorization page load timed out.', 'pageTimedOut', true],
    ['Did not redirect to the right URL.', 'wrongRedirect', false],
    ['Only one web auth flow is allowed at a time.', 'alreadyOpen', true],
    ['Identity API is disabled in incognito windows.', 'incognito', false],
    ['Something that Chrome will say one day.', 'pageFailed', true],
    ['', 'pageFailed', true],
  ])('%j is %s', async (message, failure, transient) => {
    fake.launchWebAuthFlow = () => Promise.reject(new Error(message));
    for (const silent of [true, false]) {
      const error = await failureOf(() => launch('https://sso.example/auth?state=secret-state', silent));
      expect(error).toMatchObject({ failure, transient, message: failure, detail: '' });
    }
  });

  it('is read also where Chrome throws something that is no Error', async () => {
    fake.launchWebAuthFlow = () => Promise.reject({ message: 'x' });
    expect(await failureOf(() => launch('https://sso.example/', false))).toMatchObject({ failure: 'pageFailed' });
  });

  it('answers nothing at all', async () => {
    fake.launchWebAuthFlow = async () => undefined;
    const answer = await launch('https://sso.example/', false);
    const transaction = newTransaction(0);
    const provider = { issuer: 'https://sso.example', authorization_endpoint: '', token_endpoint: '' };
    const connection = { id: 'c', ...EMPTY_DRAFT, issuer: provider.issuer, clientId: 'x' };
    const error = await failureOf(() => readRedirect(answer, provider, connection, transaction, 0));
    expect(error.failure).toBe('wrongRedirect');
  });

  it('is asked silently so that a page that redirects by script still may', async () => {
    const seen: unknown[] = [];
    fake.launchWebAuthFlow = async (details) => {
      seen.push(details);
      return 'https://x/';
    };
    await launch('https://sso.example/', true);
    await launch('https://sso.example/', false);
    expect(seen).toEqual([
      {
        url: 'https://sso.example/',
        interactive: false,
        abortOnLoadForNonInteractive: false,
        timeoutMsForNonInteractive: 10_000,
      },
      { url: 'https://sso.example/', interactive: true },
    ]);
  });
});

describe('an error the provider sends back', () => {
  it.each<[string, AuthFailure, boolean]>([
    ['access_denied', 'denied', false],
    ['login_required', 'loginRequired', false],
    ['interaction_required', 'loginRequired', false],
    ['consent_required', 'loginRequired', false],
    ['account_selection_required', 'loginRequired', false],
    ['invalid_scope', 'invalidScope', false],
    ['unauthorized_client', 'invalidClient', false],
    ['server_error', 'providerError', true],
    ['temporarily_unavailable', 'providerError', true],
    ['invalid_request', 'refused', false],
    ['something_new', 'refused', false],
    ['__proto__', 'refused', false],
    ['constructor', 'refused', false],
  ])('%s is %s', async (error, failure, transient) => {
    const transaction = newTransaction(1);
    const provider = { issuer: 'https://sso.example', authorization_endpoint: '', token_endpoint: '' };
    const connection = { id: 'c', ...EMPTY_DRAFT, issuer: provider.issuer, clientId: 'x' };
    const url = new URL(transaction.redirectUri);
    url.search = new URLSearchParams({ error, error_description: 'CANARY', state: transaction.state }).toString();
    const thrown = await failureOf(() => readRedirect(url.href, provider, connection, transaction, 2));
    expect(thrown).toMatchObject({ failure, transient, detail: '' });
    expect(`${thrown.message} ${thrown.stack}`).not.toContain('CANARY');
    // With another state it is nobody's answer.
    url.searchParams.set('state', 'x');
    const other = await failureOf(() => readRedirect(url.href, provider, connection, transaction, 2));
    expect(other.failure).toBe('stateMismatch');
  });
});

describe('words', () => {
  it.each(AUTH_FAILURES)('there are some for %s, without a placeholder', (failure) => {
    const words = textOf('en', `auth_${failure}`, []);
    expect(words.length).toBeGreaterThan(20);
    expect(words).not.toContain('$');
  });

  it('no two failures share them', () => {
    const words = AUTH_FAILURES.map((failure) => textOf('en', `auth_${failure}`, []));
    expect(new Set(words).size).toBe(words.length);
  });
});
