import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Person } from '../../../src/cxone/port.ts';
import type { AgentProfile } from '../../../src/domain/agent-state.ts';
import { everythingStored } from '../storage/fresh.ts';
import { fakeBrowser } from '../support/fake-browser.ts';
import { failure, type Script, stubPort } from './support/stub-port.ts';
import { atTime } from './support/world.ts';

const MIN = 60_000;
const START = Date.parse('2026-11-20T10:00:00Z');
const person = (index: number): AgentProfile => ({ agentId: `a${index}`, name: `Canary ${index}`, team: 'North' });
const people = (count: number, from = 0) => Array.from({ length: count }, (_, index) => person(from + index));
const known = (profile: AgentProfile): Person => ({ profile, organisationId: '', active: null, otherIds: [] });
const page = (profiles: AgentProfile[], more = false) =>
  Promise.resolve({ outcome: 'ok' as const, people: profiles.map(known), more, atMs: START, requestId: '' });

let id = '';
let room: typeof import('../../../src/background/directory.ts');
/** A new life of the worker. */
async function boot() {
  vi.resetModules();
  room = await import('../../../src/background/directory.ts');
}
beforeEach(async () => {
  id = crypto.randomUUID();
  atTime(START);
  await boot();
});
afterEach(() => vi.useRealTimers());
const portWith = (directory: Script['directory']) =>
  stubPort({ list: () => failure('offline'), ...(directory ? { directory } : {}) });

describe('names', () => {
  it('are asked for once a day, all pages, and are there in the next life', async () => {
    const port = portWith((number) => page(people(2, number * 2), number < 3));
    expect(await room.refreshDirectory(id, port, 't', ['a2'])).toBe(true);
    expect(port.counts.pages).toBe(3);
    await boot();
    expect((await room.loadDirectory(id)).profiles).toHaveLength(6);
    atTime(START + 23 * 60 * MIN);
    expect(await room.refreshDirectory(id, port, 't', ['a2'])).toBe(false);
    expect(port.counts.pages).toBe(3);
    atTime(START + 25 * 60 * MIN);
    expect(await room.refreshDirectory(id, port, 't', ['a2'])).toBe(false);
    expect(port.counts.pages).toBe(6);
  });

  it('are asked for again, every quarter of an hour, while somebody watched has none', async () => {
    const port = portWith(() => page(people(1)));
    await room.refreshDirectory(id, port, 't', ['unheard of']);
    atTime(START + 14 * MIN);
    await room.refreshDirectory(id, port, 't', ['unheard of']);
    expect(port.counts.pages).toBe(1);
    atTime(START + 16 * MIN);
    await room.refreshDirectory(id, port, 't', ['unheard of']);
    expect(port.counts.pages).toBe(2);
  });

  it('are asked for one by one where there is no list, at most 20 at a time', async () => {
    const port = portWith(async () => failure('serverError', { status: 404 }));
    const agent = vi.fn(async (_token: string, agentId: string) =>
      page([]).then((answer) => ({ ...answer, person: known({ agentId, name: `N ${agentId}`, team: '' }) })),
    );
    const watched = people(30).map(({ agentId }) => agentId);
    expect(await room.refreshDirectory(id, { ...port, agent }, 't', watched)).toBe(true);
    expect(agent).toHaveBeenCalledTimes(20);
    expect((await room.namesOf(id, watched)).get('a3')?.name).toBe('N a3');
  });

  it('are not asked for at every poll while the directory fails', async () => {
    const port = portWith(async () => failure('rateLimited', { status: 429, notBeforeMs: START + 10 * MIN }));
    for (let turn = 0; turn < 10; turn++) {
      atTime(START + turn * 5000);
      await room.refreshDirectory(id, port, 't', ['a1']);
    }
    expect(port.counts.pages).toBeLessThanOrEqual(2);
  });

  it('end when the tenant gives the same page for ever', async () => {
    const port = portWith(() => page(people(1000), true));
    await room.refreshDirectory(id, port, 't', ['a1']);
    expect((await room.loadDirectory(id)).profiles).toHaveLength(1000);
    expect(port.counts.pages).toBeLessThanOrEqual(3);
  });

  it('stand on disk sealed, in memory for those watched alone, and nowhere once forgotten', async () => {
    await room.refreshDirectory(
      id,
      portWith(() => page(people(50))),
      't',
      ['a1'],
    );
    expect((await room.namesOf(id, ['a1', 'gone'])).get('a1')).toEqual(person(1));
    expect(await everythingStored()).not.toContain('Canary');
    const memory = JSON.stringify(await fakeBrowser.storage.session.get(null));
    expect(memory).toContain('Canary 1');
    expect(memory).not.toContain('Canary 2');
    await room.forgetDirectory(id);
    expect((await room.loadDirectory(id)).profiles).toEqual([]);
    expect(JSON.stringify(await fakeBrowser.storage.session.get(null))).not.toContain('Canary');
  });

  it('that come home after they were forgotten are not kept, at whatever point that was', async () => {
    const port = portWith(() => page(people(3)));
    const { storage } = fakeBrowser;
    const nothingLeft = async () => {
      expect((await room.loadDirectory(id)).profiles).toEqual([]);
      expect((await room.namesOf(id, ['a1'])).size).toBe(0);
      await boot();
      expect((await room.loadDirectory(id)).profiles).toEqual([]);
      expect(JSON.stringify(await storage.session.get(null))).not.toContain('Canary');
    };
    const late = portWith(async () => {
      await room.forgetDirectory(id);
      return page(people(3));
    });
    expect(await room.refreshDirectory(id, late, 't', ['a1'])).toBe(false);
    await nothingLeft();
    // Forgotten between the token and the question: the fence is from before the token.
    const fence = room.directoryFence(id);
    await room.forgetDirectory(id);
    expect(await room.refreshDirectory(id, port, 't', ['a1'], fence)).toBe(false);
    await nothingLeft();
    // Forgotten in the middle of the write.
    let forgotten = Promise.resolve();
    const encrypt = vi.spyOn(crypto.subtle, 'encrypt').mockImplementationOnce(async (...args) => {
      forgotten = room.forgetDirectory(id);
      return crypto.subtle.encrypt(...args);
    });
    await room.refreshDirectory(id, port, 't', ['a1']);
    expect(encrypt).toHaveBeenCalled();
    await forgotten;
    await nothingLeft();
  });

  it('that are being read when they are forgotten are not given out, nor left in memory', async () => {
    await room.refreshDirectory(
      id,
      portWith(() => page(people(3))),
      't',
      ['a1'],
    );
    await boot();
    vi.spyOn(crypto.subtle, 'decrypt').mockImplementationOnce(async (...args) => {
      const plain = await crypto.subtle.decrypt(...args);
      await room.forgetDirectory(id);
      return plain;
    });
    expect((await room.namesOf(id, ['a1'])).size).toBe(0);
    expect((await room.loadDirectory(id)).profiles).toEqual([]);
    expect(JSON.stringify(await fakeBrowser.storage.session.get(null))).not.toContain('Canary');
  });

  it('that are being looked up when they are forgotten do not stay in memory, however the two meet', async () => {
    const port = portWith(() => page(people(3)));
    for (let turns = 0; turns < 12; turns++) {
      await room.refreshDirectory(id, port, 't', ['a1']);
      await room.loadDirectory(id);
      const looking = room.namesOf(id, ['a1']);
      for (let turn = 0; turn < turns; turn++) await null;
      await Promise.all([room.forgetDirectory(id), looking]);
      expect(JSON.stringify(await fakeBrowser.storage.session.get(null)), `after ${turns} turns`).not.toContain('Canary');
    }
  });

  it('are looked up without opening the whole directory once they are known', async () => {
    await room.refreshDirectory(
      id,
      portWith(() => page(people(3))),
      't',
      ['a1'],
    );
    await room.namesOf(id, ['a1', 'nobody']);
    await boot();
    const decrypt = vi.spyOn(crypto.subtle, 'decrypt');
    expect((await room.namesOf(id, ['a1', 'nobody'])).size).toBe(1);
    expect(decrypt).not.toHaveBeenCalled();
  });
});
