/** The window of a sign-in, and the person who sits before it. */
import { EXTENSION_REDIRECT, type Tenant } from '../../../tenant/tenant.ts';
import { fake } from '../../support/fake-browser.ts';
import { Browser } from '../../tenant/client.ts';

/** @returns the addresses it is opened with */
export function signInWindow(tenant: Tenant, login: string, answer: 'allow' | 'deny' = 'allow'): URL[] {
  const user = new Browser(tenant);
  const opened: URL[] = [];
  fake.launchWebAuthFlow = async ({ url }) => {
    opened.push(new URL(url));
    let response = await user.request(url);
    for (let step = 0; step < 12; step++) {
      const location = response.headers.get('location');
      if (location?.startsWith(EXTENSION_REDIRECT)) return location;
      if (location) {
        response = await user.request(location);
        continue;
      }
      const action = /<form method="post" action="([^"]+)"/.exec(await response.text())?.[1] ?? '';
      response = await user.request(action, action.endsWith('/login') ? { login, password: 'any' } : { answer });
    }
    return undefined;
  };
  return opened;
}
