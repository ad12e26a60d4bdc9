/** What the control API has besides where a tenant has more to connect with, or more to look at. */
import { OWN_BUSINESS_UNIT } from './cast-public.ts';
import type { ControlExtras } from './control.ts';
import type { PublicIdentity } from './identity-public.ts';
import type { Identity } from './provider.ts';
import type { Origins } from './public-hosts.ts';

/** Profile `v2`: the service account. */
export function serviceControl({ service }: Identity): ControlExtras {
  return {
    help: { 'GET /control/connection': 'service: the client id and secret for grant_type client_credentials' },
    routes: { 'GET connection': () => ({ service }) },
  };
}

export interface PublicControlOptions {
  origins: Origins;
  clientId: string;
  identity: PublicIdentity;
}

/** Profile `public`: where everything is, and the access keys. */
export function publicControl({ origins, clientId, identity }: PublicControlOptions): ControlExtras {
  const { tenantId, businessUnitId } = OWN_BUSINESS_UNIT;
  return {
    help: {
      'GET /control/connection':
        'issuer, apiBaseUrl, uiBaseUrl, tenantId, businessUnitId, clientId, accessKeys: one for each account',
    },
    routes: {
      'GET connection': () => ({
        issuer: origins.issuer,
        apiBaseUrl: origins.api,
        uiBaseUrl: origins.ui,
        tenantId,
        businessUnitId,
        clientId,
        accessKeys: identity.accessKeys,
      }),
    },
  };
}
