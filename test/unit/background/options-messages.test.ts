import { describe, expect, it } from 'vitest';
import { EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { withProfile } from '../../../src/domain/connection-profile.ts';
import { everythingStored } from '../storage/fresh.ts';
import { eventually } from '../support/eventually.ts';
import { fakeBrowser } from '../support/fake-browser.ts';
import { boot, type Worker } from './support/boot.ts';

const { managed, session } = fakeBrowser.storage;
const ISSUER = 'https://login.acme.example';
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl';
const v2 = { ...EMPTY_DRAFT, name: 'Acme', issuer: ISSUER, apiBaseUrl: 'https://api.acme.example', clientId: 'agent-watch' };
const ofPublic = { ...withProfile(EMPTY_DRAFT, 'public'), name: 'Acme', issuer: ISSUER, clientId: 'agent-watch' };
const settings = (worker: Worker) => worker.send('settings', {}, 'options');
const save = (worker: Worker, draft: typeof EMPTY_DRAFT, id: string | null = null) =>
  worker.send('saveConnection', { draft, id }, 'options').then((reply) => reply.id);
const items = () => import('../../../src/storage/items.ts');

describe('a connection of the public API', () => {
  it('comes back as it was typed: what CXone told is told beside it, and a save does not sign out', async () => {
    const worker = await boot();
    const id = await save(worker, ofPublic);
    const { discoveredItem, authStatusItem } = await items();
    const found = { issuer: ISSUER, apiBaseUrl: 'https://api-na1.acme.example', apiPrefix: '/inContactAPI/services/v30.0' };
    await discoveredItem(id).update((before) => ({ ...before, ...found, tenantId: 't', atMs: 1 }));
    await authStatusItem(id).update((status) => ({ ...status, phase: 'signedIn' }));
    const { connection, foundApi } = await settings(worker);
    expect(connection).toEqual({ ...ofPublic, id });
    expect(foundApi).toBe('https://api-na1.acme.example');
    await save(worker, { ...ofPublic, name: 'Renamed' }, id);
    expect((await authStatusItem(id).get()).phase).toBe('signedIn');
    await save(worker, { ...ofPublic, clientId: 'other' }, id);
    expect((await authStatusItem(id).get()).phase).toBe('signedOut');
  });

  it('is there by policy with a client ID alone, and the worker speaks to nobody else', async () => {
    managed.put({ profile: 'public', clientId: 'by-policy', pollSeconds: 5, grants: ['accessKey', 'nonsense'] });
    const worker = await boot();
    await fakeBrowser.storage.onChanged.trigger({}, 'managed');
    await eventually(async () => expect((await settings(worker)).connection).not.toBeNull());
    const reply = await settings(worker);
    expect(reply.connection).toMatchObject({
      name: 'cxone.niceincontact.com',
      issuer: 'https://cxone.niceincontact.com',
      apiPrefix: '/inContactAPI/services/v34.0',
      apiBaseUrl: '',
    });
    expect([reply.tenantFixed, reply.locked]).toEqual([true, ['profile', 'clientId', 'grants']]);
    expect([reply.grants, reply.connection?.grant]).toEqual([['accessKey'], 'accessKey']);
    expect(reply.refused.map(({ key, why }) => [key, why.key])).toEqual([
      ['grants', 'options_must_someOf'],
      ['pollSeconds', 'options_must_whole'],
    ]);
  });
});

describe('ways of signing in', () => {
  it('the secret is kept where no page and no record in the clear has it, and is gone with another way in', async () => {
    const worker = await boot();
    const id = await save(worker, { ...v2, grant: 'clientCredentials' });
    expect((await settings(worker)).secretKept).toBe(false);
    await worker.send('setSecret', { id, secret: 'canary-secret' }, 'options');
    const reply = await settings(worker);
    expect(reply.secretKept).toBe(true);
    expect(JSON.stringify(reply)).not.toContain('canary');
    expect(await everythingStored()).not.toContain('canary-secret');
    await save(worker, v2, id);
    await save(worker, { ...v2, grant: 'clientCredentials' }, id);
    expect((await settings(worker)).secretKept).toBe(false);
    expect(JSON.stringify(await session.get(null))).not.toContain('canary');
  });

  it('a token is no secret, and a person’s own way in has none', async () => {
    const worker = await boot();
    const id = await save(worker, v2);
    await expect(worker.send('setSecret', { id, secret: 'x' }, 'options')).rejects.toMatchObject({ code: 'invalid' });
    await save(worker, { ...v2, grant: 'clientCredentials' }, id);
    for (const secret of [JWT, `Bearer ${JWT}`])
      await expect(worker.send('setSecret', { id, secret }, 'options')).rejects.toMatchObject({ code: 'invalid' });
    expect((await settings(worker)).secretKept).toBe(false);
    await expect(worker.send('setSecret', { id: 'nobody', secret: 'x' }, 'options')).rejects.toMatchObject({
      code: 'noConnection',
    });
  });

  it('one way allowed is the way, and the page is told which are', async () => {
    managed.put({ grants: ['clientCredentials'] });
    const worker = await boot();
    await fakeBrowser.storage.onChanged.trigger({}, 'managed');
    await eventually(async () => expect((await settings(worker)).grants).toEqual(['clientCredentials']));
    expect((await settings(worker)).blank.grant).toBe('clientCredentials');
    await save(worker, v2);
    expect((await settings(worker)).connection?.grant).toBe('clientCredentials');
  });
});

it('settings are saved for the connection they were changed for, whichever is shown by now', async () => {
  const worker = await boot();
  const first = await save(worker, v2);
  const second = await save(worker, { ...v2, name: 'Bolt', clientId: 'other' });
  const { settings: shown } = await settings(worker);
  const { watchedAgentIds: _, ...own } = shown;
  await worker.send('saveSettings', { settings: { ...own, pollSeconds: 90 }, id: first }, 'options');
  const { settingsItem } = await items();
  expect([(await settingsItem(first).get()).pollSeconds, (await settingsItem(second).get()).pollSeconds]).toEqual([90, 30]);
});
