/**
 * An extension's POST carries `Origin: chrome-extension://…`, and some providers refuse it even with host access (e2e.md section 3).
 * A session rule takes the header off our own requests to the connection's hosts, and only those.
 */

import type { Connection } from '../domain/connection.ts';
import { connectionHosts } from '../domain/connection-hosts.ts';

const RULE_ID = 1;

export async function removeOriginHeader(connection: Connection | null): Promise<void> {
  const requestDomains = connection ? connectionHosts(connection).map((origin) => new URL(origin).hostname) : [];
  await chrome.declarativeNetRequest.updateSessionRules({
    removeRuleIds: [RULE_ID],
    addRules:
      requestDomains.length === 0
        ? []
        : [
            {
              id: RULE_ID,
              priority: 1,
              condition: { initiatorDomains: [chrome.runtime.id], requestDomains, requestMethods: ['post'] },
              action: { type: 'modifyHeaders', requestHeaders: [{ header: 'origin', operation: 'remove' }] },
            },
          ],
  });
}
