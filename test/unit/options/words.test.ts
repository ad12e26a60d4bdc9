import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import english from '../../../public/_locales/en/messages.json' with { type: 'json' };
import schema from '../../../public/managed_schema.json' with { type: 'json' };
import { AUTH_FAILURES } from '../../../src/domain/auth-status.ts';
import { RULE_KINDS } from '../../../src/domain/settings.ts';
import { TEST_STEPS } from '../../../src/messages/published.ts';

const words: Record<string, { message: string } | undefined> = english;
const source = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('keys made from a code have their words', () => {
  const checks = ['connection-check', 'connection-cxone', 'settings-check'].map((name) => source(`src/domain/${name}.ts`)).join();
  const refusals = source('src/domain/config-file.ts');
  const musts = [...new Set([...refusals.matchAll(/must\('(\w+)'/g)].map(([, what]) => `options_must_${what}`))];
  const imports = [...new Set(source('src/domain/config-text.ts').match(/options_\w+/g))];
  const fields = [...new Set(checks.match(/field_\w+/g))];
  const quiet = [...new Set(source('src/pages/options/logic/quiet-words.ts').match(/options_\w+/g))];

  it.each([
    ...fields,
    ...quiet,
    ...musts,
    ...imports,
    ...TEST_STEPS.map((step) => `test_step_${step}`),
    ...RULE_KINDS.map((kind) => `rule_says_${kind}`),
    ...RULE_KINDS.map((kind) => `rule_kind_${kind}`),
    ...AUTH_FAILURES.map((code) => `auth_${code}`),
  ])('%s', (key) => {
    expect(words[key]?.message).toBeTruthy();
  });

  it('finds keys at all', () => {
    expect(fields.length).toBeGreaterThan(20);
    expect(quiet).toHaveLength(3);
    expect(musts).toHaveLength(9);
    expect(imports).toHaveLength(4);
  });
});

/** The worker sends these keys; the number is how many placeholders each has. */
const TEST_KEYS: Record<string, number> = {
  test_hostsOk: 1,
  test_hostsMissing: 1,
  test_discoveryOk: 1,
  test_discoveryByHand: 0,
  test_discoveryFailed: 2,
  test_discoveryNotJson: 1,
  test_discoveryNotFound: 1,
  test_discoveryOtherIssuer: 2,
  test_apiOk: 1,
  test_apiOtherVersion: 3,
  test_apiWebPage: 1,
  test_apiNotFound: 1,
  test_apiUnreachable: 1,
  test_apiServerError: 1,
  test_signInOk: 0,
  test_signInNeeded: 0,
  test_signInFailed: 1,
  test_scopesOk: 1,
  test_scopesMissing: 2,
  test_statesOk: 1,
  test_statesEmpty: 1,
  test_statesForbidden: 1,
  test_statesUnauthorized: 0,
  test_statesFailed: 2,
  test_waits: 0,
  test_skipped: 0,
};

describe('words of the test', () => {
  it.each(Object.entries(TEST_KEYS))('%s takes %i values', (key, count) => {
    const used = new Set(words[key]?.message.match(/\$\d/g));
    expect([...used].sort()).toEqual(Array.from({ length: count }, (_, i) => `$${i + 1}`));
  });

  it('empty is never worded as "nobody is logged in"', () => {
    expect(words.test_statesEmpty?.message).toMatch(/does not show that nobody is logged in/);
  });
});

describe('the policy schema', () => {
  it('has exactly the keys and types others rely on (DESIGN section 8), which ways of signing in are allowed, and where records are sent on to', () => {
    const types = Object.fromEntries(Object.entries(schema.properties).map(([key, { type }]) => [key, type]));
    const text = [
      'profile',
      'issuer',
      'authorizationEndpoint',
      'tokenEndpoint',
      'apiBaseUrl',
      'apiPrefix',
      'clientId',
      'tenantId',
      'auditUrl',
      'wfmUrl',
      'locale',
    ];
    const lists = ['scopes', 'capabilities', 'grants', 'watchedAgentIds'];
    const whole = ['pollSeconds', 'maxBatchSize', 'retentionDays'];
    const flags = ['persistSession', 'writesEnabled', 'showNamesInNotifications'];
    expect(types).toEqual({
      ...Object.fromEntries(text.map((key) => [key, 'string'])),
      ...Object.fromEntries(lists.map((key) => [key, 'array'])),
      ...Object.fromEntries(whole.map((key) => [key, 'integer'])),
      ...Object.fromEntries(flags.map((key) => [key, 'boolean'])),
    });
    for (const property of Object.values(schema.properties)) {
      expect(property.title && property.description).toBeTruthy();
      if (property.type === 'array') expect('items' in property && property.items).toEqual({ type: 'string' });
    }
    expect(Object.keys(schema)).toEqual(['type', 'properties']);
  });
});
