import { describe, expect, it, vi } from 'vitest';
import { PUBLIC_API_PREFIX } from '../../../src/cxone/profiles/public/versions.ts';
import { publicProfile } from '../../../src/cxone/profiles/public.ts';
import { connection, json, type Said, server } from './public-server.ts';

const at = (version: string) => `/inContactAPI/services/v${version}`;
const STATES: Said = json({ agentStates: [] });

/** A tenant whose API has these versions. */
function tenant(has: readonly string[], missing: Said = { status: 404, text: '' }, prefix = at('34.0')) {
  const onVersion = vi.fn<(prefix: string) => void>();
  const served = server((url) => (has.some((version) => url.pathname.startsWith(`${at(version)}/`)) ? STATES : missing));
  const port = publicProfile({ ...connection, apiPrefix: prefix }, served.exchange, onVersion);
  const versions = () => served.urls.map((url) => /\/v([\d.]+)\//.exec(url)?.[1]);
  return { port, onVersion, versions };
}

describe('a version that is not there', () => {
  it.each([
    [['30.0', '28.0'], ['34.0', '30.0'], at('30.0')],
    [['28.0'], ['34.0', '30.0', '28.0'], at('28.0')],
  ])('of those there, %j: the newest is found, told of, and kept', async (has, asked, found) => {
    const { port, onVersion, versions } = tenant(has);
    expect(await port.states('t', '')).toMatchObject({ outcome: 'ok' });
    expect(versions()).toEqual(asked);
    expect(onVersion.mock.calls).toEqual([[found]]);
    expect(port.pathOf('me')).toBe(`${found}/permissions`);
    await port.states('t', '');
    expect(versions()).toHaveLength(asked.length + 1);
  });

  it('is looked for once, and the first answer stands', async () => {
    const { port, onVersion, versions } = tenant([], json({ error_description: 'No such service' }, 404));
    for (let poll = 0; poll < 3; poll++)
      expect(await port.states('t', '')).toMatchObject({ outcome: 'serverError', status: 404, detail: 'No such service' });
    expect(versions()).toEqual(['34.0', '30.0', '28.0', '34.0', '34.0']);
    expect(onVersion).not.toHaveBeenCalled();
  });

  it('is looked for once by questions asked together, and all profit', async () => {
    const { port, onVersion, versions } = tenant(['30.0']);
    const answers = await Promise.all(['1', '2', '3'].map((id) => port.statesOf('t', id)));
    expect(answers.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
    expect(onVersion).toHaveBeenCalledTimes(1);
    expect(versions()).toEqual(['34.0', '34.0', '34.0', '30.0', '30.0', '30.0']);
  });

  it.each(['Invalid Agent Id', 'Agent not found for BU', "Agent '7' was not found"])(
    'is not what "%s" is about',
    async (said) => {
      for (const missing of [json({ error: said }, 404), { status: 404, headers: { icStatusDescription: said } }]) {
        const { port, onVersion, versions } = tenant([], missing);
        expect(await port.statesOf('t', '7')).toMatchObject({ status: 404 });
        expect(versions()).toEqual(['34.0']);
        expect(onVersion).not.toHaveBeenCalled();
      }
    },
  );

  it.each([
    [403, true],
    [401, false],
    [429, false],
    [500, false],
  ])('an older one that answers %i is there: %j', async (status, there) => {
    const onVersion = vi.fn<(prefix: string) => void>();
    const { exchange, urls } = server((url) => ({ status: url.pathname.startsWith(at('30.0')) ? status : 404, text: '{}' }));
    expect(await publicProfile(connection, exchange, onVersion).states('t', '')).toMatchObject({ status });
    expect(urls).toHaveLength(2);
    expect(onVersion).toHaveBeenCalledTimes(there ? 1 : 0);
  });

  it('is not looked for where the path has no version, and the one there is is not asked twice', async () => {
    const own = tenant([], undefined, '/gateway/cxone');
    await own.port.states('t', '');
    expect(own.versions()).toHaveLength(1);
    const old = tenant([], undefined, at('30.0'));
    await old.port.states('t', '');
    expect(old.versions()).toEqual(['30.0', '28.0']);
  });

  it('is the documented one where none is given', () => {
    expect(tenant([], undefined, '').port.pathOf('me')).toBe(`${PUBLIC_API_PREFIX}/permissions`);
  });
});
