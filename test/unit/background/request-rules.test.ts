import { describe, expect, it } from 'vitest';
import { ruleRequests } from '../../../src/background/request-rules.ts';
import { type Connection, EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { fake } from '../support/fake-browser.ts';

const connection = (id: string, more: Partial<Connection> = {}): Connection => ({
  ...EMPTY_DRAFT,
  id,
  issuer: `https://login.${id}.example`,
  apiBaseUrl: `https://api.${id}.example`,
  ...more,
});
const rules = () =>
  (fake.sessionRules as unknown as chrome.declarativeNetRequest.Rule[]).map(({ condition, action }) => ({
    hosts: condition.requestDomains,
    methods: condition.requestMethods,
    by: condition.initiatorDomains,
    change: action.requestHeaders,
  }));

describe('session rules', () => {
  it('take Origin off what is sent to the hosts of the connections, and of no other page', async () => {
    await ruleRequests([connection('a'), connection('b')]);
    expect(rules()).toEqual([
      {
        hosts: ['login.a.example', 'api.a.example', 'login.b.example', 'api.b.example'],
        methods: ['post', 'put', 'delete'],
        by: [chrome.runtime.id],
        change: [{ header: 'origin', operation: 'remove' }],
      },
    ]);
  });

  it('let no request reuse a connection where skills are written, so that Chromium sends none again by itself', async () => {
    await ruleRequests([connection('a'), connection('b', { capabilities: ['watch', 'skills'] })]);
    expect(rules()[1]).toEqual({
      hosts: ['login.b.example', 'api.b.example'],
      methods: ['get', 'post', 'put', 'delete'],
      by: [chrome.runtime.id],
      change: [{ header: 'connection', operation: 'set', value: 'close' }],
    });
    await ruleRequests([connection('b')]);
    expect(rules()).toHaveLength(1);
  });

  it('go with the last connection', async () => {
    await ruleRequests([connection('a', { capabilities: ['watch', 'skills'] })]);
    await ruleRequests([]);
    expect(rules()).toEqual([]);
  });
});
