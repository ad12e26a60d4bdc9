/** What discovery says when it fails: of three names tried, the failure that tells most. */
import { describe, expect, it } from 'vitest';
import { discover } from '../../../src/auth/provider.ts';
import { type HttpAnswer, HttpError } from '../../../src/domain/http.ts';
import { answered } from './rig.ts';

const ISSUER = 'https://login.example.com';
const OTHER = 'https://cxone.example.com';
const metadata = (issuer: unknown) => answered(200, { issuer, token_endpoint: `${ISSUER}/token` });
const page = answered(200, '<html>Welcome</html>', 'text/html');
const nothing = answered(404);
type Said = HttpAnswer | HttpError;

/** Asks a server that says this at each of the names, in the order they are tried. */
async function asked(...said: Said[]) {
  const urls: string[] = [];
  const exchange = async (url: string) => {
    const answer = said[urls.push(url) - 1] ?? nothing;
    if (answer instanceof HttpError) throw answer;
    return answer;
  };
  const end = await discover(ISSUER, exchange).catch((error: unknown) => error);
  return { end, urls };
}

describe('discovery', () => {
  it.each([ISSUER, `${ISSUER}/`])('takes a document that speaks for %s', async (issuer) => {
    expect((await asked(metadata(issuer))).end).toMatchObject({ issuer });
  });

  it('that finds another issuer says which, whatever the other names answer', async () => {
    for (const rest of [[nothing, nothing], [page, page], [answered(500)], [new HttpError('network')]]) {
      const { end } = await asked(metadata(OTHER), ...rest);
      expect(end).toMatchObject({ failure: 'discoveryFailed', detail: 'issuer', issuer: OTHER });
    }
    expect((await asked(page, metadata(OTHER), nothing)).end).toMatchObject({ detail: 'issuer', issuer: OTHER });
  });

  it('still takes the document of the issuer asked where another name has it', async () => {
    expect((await asked(metadata(OTHER), nothing, metadata(ISSUER))).end).toMatchObject({ issuer: ISSUER });
  });

  it.each([
    7,
    'cxone',
    'http://cxone.example.com',
    'https://user:word@cxone.example.com',
    `${OTHER}/?next=1`,
    `${OTHER}/#a`,
    `${OTHER}/${'a'.repeat(200)}`,
  ])('suggests no issuer that could not be typed: %s', async (issuer) => {
    expect((await asked(metadata(issuer))).end).toMatchObject({ detail: 'json', issuer: '' });
  });

  it.each<[string, Said[], object]>([
    ['a page, then nothing', [page, nothing, nothing], { failure: 'discoveryFailed', detail: 'json' }],
    ['nothing, then a page', [nothing, page], { failure: 'discoveryFailed', detail: 'json' }],
    ['refused, then nothing', [answered(403), nothing], { failure: 'discoveryFailed', detail: '403' }],
    ['a redirect, then nothing', [new HttpError('redirect')], { failure: 'discoveryFailed', detail: 'json' }],
    ['nothing at all', [], { failure: 'discoveryFailed', detail: '404' }],
    ['nothing, then trouble', [nothing, answered(503)], { failure: 'providerError', detail: '503', transient: true }],
    ['no network', [new HttpError('network')], { failure: 'network', transient: true }],
    ['a portal’s page, then no network', [page, new HttpError('network')], { failure: 'network', transient: true }],
    ['a host that may not be asked', [new HttpError('hostRefused')], { failure: 'hostRefused', detail: ISSUER }],
  ])('%s', async (_what, said, expected) => {
    expect((await asked(...said)).end).toMatchObject(expected);
  });

  it('ends at the first trouble while nothing is known', async () => {
    expect((await asked(answered(500), metadata(ISSUER))).urls).toHaveLength(1);
  });
});
