/**
 * Session rules for our own requests to the connections' hosts, and only those.
 *
 * An extension's POST, PUT and DELETE carry `Origin: chrome-extension://…`, and some providers refuse it even with host access (e2e.md section 3):
 * the header is taken off.
 *
 * Where skills are written, no request reuses a connection: Chromium sends a request again by itself, whatever its method, when a reused connection dies
 * before the first byte of an answer (`HttpNetworkTransaction::ShouldResendRequest`), and a write would be done twice. HTTP/2 knows no such header.
 */

import type { Connection } from '../domain/connection.ts';
import { connectionHosts } from '../domain/connection-hosts.ts';

type Rule = chrome.declarativeNetRequest.Rule;
type Method = `${chrome.declarativeNetRequest.RequestMethod}`;
type HeaderChange = NonNullable<Rule['action']['requestHeaders']>[number];

const ORIGIN_RULE = 1;
const CONNECTION_RULE = 2;

/** @param connections all that are in use */
export async function ruleRequests(connections: readonly Connection[]): Promise<void> {
  const writing = connections.filter(({ capabilities }) => capabilities.includes('skills'));
  await chrome.declarativeNetRequest.updateSessionRules({
    removeRuleIds: [ORIGIN_RULE, CONNECTION_RULE],
    addRules: [
      ...rule(ORIGIN_RULE, connections, ['post', 'put', 'delete'], { header: 'origin', operation: 'remove' }),
      ...rule(CONNECTION_RULE, writing, ['get', 'post', 'put', 'delete'], {
        header: 'connection',
        operation: 'set',
        value: 'close',
      }),
    ],
  });
}

function rule(id: number, connections: readonly Connection[], requestMethods: Method[], change: HeaderChange): Rule[] {
  const hosts = connections.flatMap(connectionHosts).map((origin) => new URL(origin).hostname);
  const requestDomains = [...new Set(hosts)];
  if (requestDomains.length === 0) return [];
  const condition = { initiatorDomains: [chrome.runtime.id], requestDomains, requestMethods };
  return [{ id, priority: 1, condition, action: { type: 'modifyHeaders', requestHeaders: [change] } }];
}
