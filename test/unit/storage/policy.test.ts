import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from '../support/fake-browser.ts';
import { freshStorage, type Storage } from './fresh.ts';

const { managed, local } = fakeBrowser.storage;
let storage: Storage;
beforeEach(async () => {
  storage = await freshStorage();
});
afterEach(() => vi.restoreAllMocks());

/** The clock, and nothing else, moves on. */
function later(ms: number): void {
  const now = Date.now() + ms;
  vi.spyOn(Date, 'now').mockReturnValue(now);
}
const whole = {
  profile: 'v2',
  issuer: 'https://login.example.com',
  authorizationEndpoint: 'https://login.example.com/auth',
  tokenEndpoint: 'https://login.example.com/token',
  apiBaseUrl: 'https://api.example.com',
  apiPrefix: '/api/v2',
  clientId: 'client',
  tenantId: 't',
  scopes: ['view:agent'],
  capabilities: ['watch'],
  watchedAgentIds: ['a', 'b'],
  pollSeconds: 60,
  persistSession: false,
  showNamesInNotifications: false,
  retentionDays: 7,
  writesEnabled: false,
  maxBatchSize: 20,
  auditUrl: 'https://siem.example.com/in',
  wfmUrl: 'https://wfm.example.com/in',
};

describe('policy', () => {
  it('is read, kept, and there without asking the browser again', async () => {
    managed.put(whole);
    expect(await storage.policy()).toEqual({});
    expect(await storage.refreshPolicy(false)).toBe(true);
    expect(await storage.policy()).toEqual(whole);
    expect(await storage.refreshPolicy(false)).toBe(false);
    storage = await freshStorage();
    vi.spyOn(managed, 'get').mockRejectedValue(new Error('not yet'));
    expect(await storage.policy()).toEqual(whole);
  });

  it.each([
    ['profile', 'v3'],
    ['issuer', 7],
    ['clientId', ''],
    ['scopes', []],
    ['scopes', [7]],
    ['scopes', 'view:agent'],
    ['capabilities', ['dance']],
    ['watchedAgentIds', Array.from({ length: 2001 }, String)],
    ['pollSeconds', 1],
    ['pollSeconds', 30.5],
    ['pollSeconds', '60'],
    ['persistSession', 'false'],
    ['showNamesInNotifications', 0],
    ['retentionDays', 0],
    ['retentionDays', 3650],
    ['writesEnabled', 'false'],
    ['maxBatchSize', 0],
    ['maxBatchSize', 10_001],
    ['auditUrl', 'http://siem.example.com/in'],
    ['wfmUrl', 'https://user:word@wfm.example.com'],
    ['apiBaseUrl', 'api.example.com'],
    ['apiBaseUrl', 'http://api.example.com'],
    ['apiBaseUrl', 'javascript:alert(1)'],
    ['issuer', 'login.example.com'],
    ['tokenEndpoint', '/oauth/token'],
    ['authorizationEndpoint', 'not an address'],
  ])('refuses %s = %j alone: the other keys stay in force', async (key, value) => {
    managed.put({ ...whole, [key]: value, locale: 'de', unheardOf: { a: 1 } });
    await storage.refreshPolicy(false);
    const { [key as keyof typeof whole]: _refused, ...others } = whole;
    const { [key as keyof typeof whole]: _strictest, ...inForce } = (await storage.policy()) as typeof whole;
    expect(inForce).toEqual(others);
    expect((await storage.logLines()).some((line) => line.includes(`policy-value-refused field=${key}`))).toBe(true);
  });

  it.each([
    ['grants', ['accessKey', 'nonsense'], ['accessKey']],
    ['grants', ['nonsense', 7], ['authorizationCode']],
    ['grants', 'clientCredentials', ['authorizationCode']],
    ['grants', null, ['authorizationCode']],
    ['capabilities', ['watch', 'dance'], ['watch']],
    ['capabilities', ['dance', 'history'], ['watch', 'history']],
    ['capabilities', 'watch', ['watch']],
    ['scopes', ['view:agent', 7], ['view:agent']],
    ['scopes', [7], undefined],
    ['persistSession', 'false', false],
    ['persistSession', 1, false],
    ['showNamesInNotifications', 'no', false],
    ['writesEnabled', 'true', false],
    ['maxBatchSize', '20', 1],
    ['auditUrl', 'http://siem.example.com/in', ''],
    ['wfmUrl', 7, ''],
    ['pollSeconds', 1, undefined],
    ['retentionDays', 0, undefined],
    ['clientId', '', undefined],
  ])('takes %s = %j for what allows least', async (key, value, inForce) => {
    managed.put({ [key]: value });
    await storage.refreshPolicy(false);
    expect(await storage.policy()).toEqual(inForce === undefined ? {} : { [key]: inForce });
    expect((await storage.wholePolicy()).refused.map((refused) => refused.key)).toEqual([key]);
  });

  it('never puts a refused value into the log', async () => {
    managed.put({ clientId: { secret: 'canary' } });
    await storage.refreshPolicy(false);
    expect((await storage.logLines()).join()).not.toContain('canary');
  });

  it('is not loosened by an empty or a failed read, only by the browser saying that it changed', async () => {
    managed.put(whole);
    await storage.refreshPolicy(false);
    managed.reset();
    expect(await storage.refreshPolicy(false)).toBe(false);
    vi.spyOn(managed, 'get').mockRejectedValueOnce(new Error('not yet'));
    expect(await storage.refreshPolicy(true)).toBe(false);
    expect(await storage.policy()).toEqual(whole);
    // So soon after the start of the browser not even that is believed.
    expect(await storage.refreshPolicy(true)).toBe(false);
    expect(await storage.policy()).toEqual(whole);
    later(2 * 60_000);
    expect(await storage.refreshPolicy(true)).toBe(true);
    expect(await storage.policy()).toEqual({});
  });

  it('that is gone without a word stays in force for a day, and no longer', async () => {
    managed.put(whole);
    await storage.refreshPolicy(false);
    managed.reset();
    for (const hours of [0, 12, 11]) {
      later(hours * 3_600_000);
      expect(await storage.refreshPolicy(false)).toBe(false);
      expect(await storage.policy()).toEqual(whole);
    }
    later(2 * 3_600_000);
    expect(await storage.refreshPolicy(false)).toBe(true);
    expect(await storage.policy()).toEqual({});
  });

  it('changes as a whole: a key that was taken out is no longer in force', async () => {
    managed.put(whole);
    await storage.refreshPolicy(false);
    managed.reset();
    managed.put({ pollSeconds: 90 });
    await storage.refreshPolicy(false);
    expect(await storage.policy()).toEqual({ pollSeconds: 90 });
  });

  it('reads a damaged record as none', async () => {
    local.put({ policy: 'damaged' });
    expect(await storage.policy()).toEqual({});
  });
});
