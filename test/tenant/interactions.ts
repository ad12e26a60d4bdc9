/** What a person sees while signing in: the login form and the consent page, and what follows from their answers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Interaction } from 'oidc-provider';
import { ACCOUNTS } from './accounts.ts';
import type { Faults } from './faults.ts';
import { readBody, send } from './http.ts';
import type { Dialect } from './identity-dialects.ts';
import { consentPage, loginPage, page } from './pages.ts';
import type { RequestLog } from './request-log.ts';

export interface InteractionOptions {
  provider: Provider;
  clientId: string;
  resource: string;
  dialect: Dialect;
  faults: Faults;
  log: RequestLog;
  note(req: IncomingMessage, fault: string): void;
}

const HTML = 'text/html; charset=utf-8';
const DENIED = { error: 'access_denied', error_description: 'the person refused' };

/** Handles `/interaction/…`; the returned function answers false for any other path. */
export function interactionRoutes(options: InteractionOptions): (req: IncomingMessage, res: ServerResponse) => Promise<boolean> {
  const { provider, dialect, faults, log } = options;
  const allScopes = [...dialect.oidcScopes, ...dialect.apiScopes];

  const scopesOf = (interaction: Interaction): string[] => (interaction.params.scope ?? '').split(' ').filter(Boolean);

  function show(res: ServerResponse, interaction: Interaction, login = '', error: string | null = null): void {
    const action = `/interaction/${interaction.uid}`;
    if (interaction.prompt.name === 'login') {
      send(res, 200, HTML, loginPage(`${action}/login`, login || (interaction.params.login_hint ?? ''), error));
      return;
    }
    const known = new Set(allScopes);
    const scopes = scopesOf(interaction).filter((scope) => known.has(scope));
    const person = dialect.accountOf(interaction.session?.accountId ?? '')?.name ?? '';
    send(res, 200, HTML, consentPage(`${action}/consent`, person, 'Agent Watch', scopes));
  }

  async function logIn(req: IncomingMessage, res: ServerResponse, interaction: Interaction): Promise<void> {
    const form = new URLSearchParams((await readBody(req)).toString('utf8'));
    const login = form.get('login') ?? '';
    log.counts.interactiveLogins++;
    const account = ACCOUNTS.get(login);
    if (!account || form.get('password') === 'wrong' || !form.get('password')) {
      // Status 200 on purpose: an error status would end the browser's sign-in window.
      show(res, interaction, login, 'User or password is wrong.');
      return;
    }
    await provider.interactionFinished(req, res, { login: { accountId: dialect.subjectOf(account) } });
  }

  async function consent(req: IncomingMessage, res: ServerResponse, interaction: Interaction): Promise<void> {
    const form = new URLSearchParams((await readBody(req)).toString('utf8'));
    if (form.get('answer') !== 'allow') {
      await provider.interactionFinished(req, res, DENIED, { mergeWithLastSubmission: false });
      return;
    }
    // A new grant each time: an older one keeps what its own refresh tokens were given.
    const grant = new provider.Grant({ accountId: interaction.session?.accountId ?? '', clientId: options.clientId });
    const scopes = scopesOf(interaction);
    grant.addOIDCScope(scopes.filter((scope) => dialect.oidcScopes.includes(scope)).join(' '));
    grant.addResourceScope(options.resource, scopes.filter((scope) => allScopes.includes(scope)).join(' '));
    const grantId = await grant.save();
    await provider.interactionFinished(req, res, { consent: { grantId } }, { mergeWithLastSubmission: true });
  }

  return async (req, res) => {
    const path = new URL(req.url ?? '/', 'http://tenant').pathname;
    const match = /^\/interaction\/[^/]+(?:\/(login|consent))?$/.exec(path);
    if (!match) return false;
    res.setHeader('Cache-Control', 'no-store');
    let interaction: Interaction;
    try {
      interaction = await provider.interactionDetails(req, res);
    } catch {
      send(res, 400, HTML, page('This sign-in has ended', '<p>Please start again from where you came.</p>'));
      return true;
    }
    if (faults.take('userDenies', path)) {
      options.note(req, 'userDenies');
      await provider.interactionFinished(req, res, DENIED, { mergeWithLastSubmission: false });
    } else if (req.method === 'POST' && match[1] === 'login' && interaction.prompt.name === 'login') {
      await logIn(req, res, interaction);
    } else if (req.method === 'POST' && match[1] === 'consent' && interaction.prompt.name === 'consent') {
      await consent(req, res, interaction);
    } else {
      show(res, interaction);
    }
    return true;
  };
}
