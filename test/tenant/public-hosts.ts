/**
 * The three hosts of a CXone tenant (facts, section 1): the issuer, the API (`api_endpoint`) and the UI (`ui_endpoint`, UserHub). Each answers what is its own and
 * nothing else, as there: a data call at the UI host ends in a page of HTML. With one port for all, the paths decide.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ACCOUNTS } from './accounts.ts';
import { isPublicApiPath, type PublicApi, sendNoSuchPage } from './api-public.ts';
import { businessUnitOf, OWN_BUSINESS_UNIT } from './cast-public.ts';
import { type Faults, numberOf } from './faults.ts';
import { send, sendError, sendJson } from './http.ts';
import { ACCESS_KEY, type PublicIdentity, USERINFO } from './identity-public.ts';
import { page } from './pages.ts';

export type Handler = (req: IncomingMessage, res: ServerResponse, url: URL) => Promise<void>;

/** Origins, without a slash at the end. */
export interface Origins {
  issuer: string;
  api: string;
  ui: string;
}

export interface PublicHostsOptions {
  origins: Origins;
  api: PublicApi;
  identity: PublicIdentity;
  faults: Faults;
  note(req: IncomingMessage, fault: string): void;
}

const CONFIGURATION = /^\/\.well-known\/cxone-configuration\/?$/;
const HTML = 'text/html; charset=utf-8';

export class PublicHosts {
  readonly #options: PublicHostsOptions;

  constructor(options: PublicHostsOptions) {
    this.#options = options;
  }

  /** What the issuer's host has besides the provider; false: not this. */
  async issuer(req: IncomingMessage, res: ServerResponse, url: URL): Promise<boolean> {
    const { origins, identity } = this.#options;
    if (CONFIGURATION.test(url.pathname)) this.#configuration(req, res, url, true);
    else if (url.pathname === USERINFO) await identity.userinfo(req, res);
    else if (origins.api === origins.issuer && isPublicApiPath(url.pathname)) await this.api(req, res, url);
    else if (origins.ui === origins.issuer && url.pathname === ACCESS_KEY) await identity.accessKey(req, res);
    else if (isPublicApiPath(url.pathname)) sendNoSuchPage(res);
    else return false;
    return true;
  }

  /** The API's host. */
  readonly api: Handler = async (req, res, url) => {
    const { api, note } = this.#options;
    if (isPublicApiPath(url.pathname)) await api.handle(req, res, url, (fault) => note(req, fault));
    else sendNoSuchPage(res);
  };

  /** The UI's host: pages for people, access keys, and the configuration, which a regional host gives without a tenant's id. */
  readonly ui: Handler = async (req, res, url) => {
    if (CONFIGURATION.test(url.pathname)) this.#configuration(req, res, url, false);
    else if (url.pathname === ACCESS_KEY) await this.#options.identity.accessKey(req, res);
    else if (url.pathname === '/') send(res, 200, HTML, page('CXone', '<p>Sign in to the demo tenant.</p>'));
    else sendNoSuchPage(res);
  };

  #configuration(req: IncomingMessage, res: ServerResponse, url: URL, idNeeded: boolean): void {
    const { origins, faults, note } = this.#options;
    const path = url.pathname;
    const status = faults.take('configurationStatus', path);
    if (status) {
      note(req, 'configurationStatus');
      const code = numberOf(status, 'status', 404);
      if (status.spec.html === true) send(res, code, HTML, page(String(code), '<p>There is nothing here.</p>'));
      else sendError(res, code, 'not_found', 'there is no such document');
      return;
    }
    const asked = url.searchParams.get('tenantId') ?? '';
    if (asked === '' && idNeeded) {
      sendError(res, 400, 'invalid_request', 'tenantId is required');
      return;
    }
    const units = [...ACCOUNTS.values()].map(({ orgId }) => businessUnitOf(orgId));
    const unit = asked === '' ? OWN_BUSINESS_UNIT : units.find(({ tenantId }) => tenantId === asked);
    if (!unit) {
      sendError(res, 404, 'not_found', 'Tenant not found');
      return;
    }
    const document: Record<string, unknown> = {
      api_endpoint: origins.api,
      auth_endpoint: origins.issuer,
      ui_endpoint: origins.ui,
      area: 'na1',
      cluster: 'C99',
      domain: 'example.com',
      acdDomain: 'example.com',
      uhDomain: 'example.com',
      private: false,
      tenantId: unit.tenantId,
      globaldomain: 'example.com',
    };
    const fault = faults.take('configurationFields', path);
    if (fault) note(req, 'configurationFields');
    for (const [name, value] of Object.entries(fault?.spec.patch ?? {})) {
      if (value === '__delete__') delete document[name];
      else document[name] = value === '__ui__' ? origins.ui : value;
    }
    sendJson(res, 200, document);
  }
}
