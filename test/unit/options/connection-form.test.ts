import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Connection, EMPTY_DRAFT } from '../../../src/domain/connection.ts';
import { eventually } from '../support/eventually.ts';
import { fake, fakeBrowser } from '../support/fake-browser.ts';

type Envelope = { type: string; request: { draft?: unknown } };
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl';
const SAVED: Connection = {
  ...EMPTY_DRAFT,
  id: 'c1',
  name: 'Acme',
  issuer: 'https://login.acme.example',
  apiBaseUrl: 'https://api.acme.example',
  clientId: 'agent-watch',
};
const { id: _, ...DRAFT } = SAVED;

let sent: Envelope[];
let answer: (envelope: Envelope) => unknown;
const stored = new Map<string, string>();

/** The module as a page that was just opened has it. */
async function open() {
  vi.resetModules();
  return await import('../../../src/pages/options/state/connection-form.ts');
}

beforeEach(() => {
  sent = [];
  answer = () => ({ ok: true, value: { id: 'c1' } });
  stored.clear();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
  vi.stubGlobal('document', { getElementById: () => null });
  fakeBrowser.runtime.onMessage.addListener(async (message: unknown) => {
    sent.push(message as Envelope);
    return answer(message as Envelope);
  });
});

describe('nothing typed is lost', () => {
  it('a reload finds the draft again, but never a token', async () => {
    const first = await open();
    first.takeConnection(SAVED, []);
    first.change({ issuer: 'https://other.example', tenantId: JWT, vocabulary: 'custom', scopes: ['a', JWT] });
    expect([...stored.values()].join()).not.toContain('eyJ');

    const again = await open();
    again.takeConnection(SAVED, []);
    expect(again.draft.value).toEqual({ ...DRAFT, issuer: 'https://other.example', vocabulary: 'custom' });
    expect(again.dirty.value).toBe(true);
  });

  it('a draft of another connection, or one that cannot be read, is left alone', async () => {
    const form = await open();
    stored.set('connectionDrafts', JSON.stringify({ other: { name: 'X' } }));
    form.takeConnection(SAVED, []);
    expect(form.dirty.value).toBe(false);
    stored.set('connectionDrafts', '{');
    const again = await open();
    again.takeConnection(SAVED, []);
    expect(again.draft.value).toEqual(DRAFT);
    stored.set('connectionDrafts', JSON.stringify({ c1: { name: 7, scopes: 'x', clientId: 'kept' } }));
    const third = await open();
    third.takeConnection(SAVED, []);
    expect(third.draft.value).toEqual({ ...DRAFT, clientId: 'kept' });
  });

  it('news from the worker keep what is being typed, but for what the organisation sets', async () => {
    const form = await open();
    form.takeConnection(SAVED, []);
    form.change({ name: 'Typed', clientId: 'typed' });
    form.takeConnection({ ...SAVED, clientId: 'by-policy', tenantId: 't1' }, ['clientId']);
    expect(form.draft.value).toMatchObject({ name: 'Typed', clientId: 'by-policy' });
  });

  it('what is typed while saving stays', async () => {
    const form = await open();
    form.takeConnection(SAVED, []);
    form.change({ name: 'Two' });
    const saving = form.saveAndAsk();
    form.change({ name: 'Three' });
    expect(await saving?.saved).toBe(true);
    expect(form.saved.value.name).toBe('Two');
    expect(form.draft.value.name).toBe('Three');
    expect(form.dirty.value).toBe(true);
  });

  it('spaces around a value are no change', async () => {
    const form = await open();
    form.takeConnection(SAVED, []);
    form.change({ issuer: ' https://login.acme.example/ ' });
    expect(form.dirty.value).toBe(false);
  });
});

describe('saving', () => {
  it('asks Chrome for the hosts in the same turn, sends the tidy draft, then tells the worker', async () => {
    const form = await open();
    form.takeConnection(null, []);
    form.change({ ...DRAFT, issuer: 'login.acme.example/' });
    const saving = form.saveAndAsk();
    expect(fake.permissionRequests).toEqual([{ origins: ['https://login.acme.example/*', 'https://api.acme.example/*'] }]);
    expect(await saving?.saved).toBe(true);
    await saving?.asked;
    await eventually(() => expect(sent.map(({ type }) => type)).toEqual(['saveConnection', 'hostAccessChanged']));
    expect(sent[0]?.request.draft).toEqual(DRAFT);
    expect(form.dirty.value).toBe(false);
    expect(stored.size).toBe(0);
  });

  it('saves when Chrome refuses, and says which hosts are missing', async () => {
    fake.grantAnswer = false;
    const form = await open();
    const hosts = await import('../../../src/pages/options/state/host-access.ts');
    form.takeConnection(null, []);
    form.change(DRAFT);
    const saving = form.saveAndAsk();
    expect(await saving?.saved).toBe(true);
    expect(await saving?.asked).toBe(false);
    expect(hosts.missingHosts.value).toEqual(['https://login.acme.example', 'https://api.acme.example']);
  });

  it('sends and asks nothing while a field is wrong', async () => {
    const form = await open();
    form.takeConnection(SAVED, []);
    form.change({ apiBaseUrl: 'https://na1.nice-incontact.com' });
    expect(form.noteOf('apiBaseUrl')).toBeNull();
    expect(form.saveAndAsk()).toBeNull();
    expect(form.noteOf('apiBaseUrl')).toMatchObject({ wrong: true, suggestion: 'https://api-na1.niceincontact.com' });
    expect([sent, fake.permissionRequests]).toEqual([[], []]);
  });

  it('keeps the draft and the words when the worker refuses', async () => {
    answer = () => ({ ok: false, error: { code: 'invalid', message: 'Not so.', fix: 'Like this.' } });
    const form = await open();
    form.takeConnection(SAVED, []);
    form.change({ name: 'Two' });
    expect(await form.saveAndAsk()?.saved).toBe(false);
    expect(form.saveFailure.value).toEqual({ message: 'Not so.', fix: 'Like this.' });
    expect(form.draft.value.name).toBe('Two');
    expect(stored.size).toBe(1);
  });

  it('saves nothing when nothing was changed, but asks for hosts', async () => {
    const form = await open();
    form.takeConnection(SAVED, []);
    expect(await form.saveAndAsk()?.saved).toBe(true);
    expect(fake.permissionRequests).toHaveLength(1);
    expect(sent.filter(({ type }) => type === 'saveConnection')).toEqual([]);
  });
});

it('a suggestion fills the field and the one it belongs with', async () => {
  const form = await open();
  form.takeConnection(SAVED, []);
  form.change({ apiBaseUrl: 'https://api.acme.example/gateway/v3/agents/states' });
  form.touch('apiBaseUrl');
  const note = form.noteOf('apiBaseUrl');
  if (note) form.takeSuggestion('apiBaseUrl', note);
  expect(form.draft.value).toMatchObject({ apiBaseUrl: 'https://api.acme.example', apiPrefix: '/gateway/v3' });
});
