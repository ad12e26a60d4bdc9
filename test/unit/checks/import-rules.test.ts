import { describe, expect, it } from 'vitest';
import { brokenImportRules } from '../../../scripts/lib/import-rules.ts';

const check = (files: Record<string, string>) => brokenImportRules(new Map(Object.entries(files)));
const DOMAIN = { 'src/domain/a.ts': 'export const a = 1; export interface A { a: number }' };

describe('the import check', () => {
  it('lets the allowed arrows pass', () => {
    expect(
      check({
        ...DOMAIN,
        'src/messages/m.ts':
          "import * as z from 'zod/mini'; import { a } from '../domain/a.ts'; export const m = z.literal(a); export type M = 1;",
        'src/messages/words.ts':
          "import type english from '../../public/_locales/en/messages.json'; export type Key = keyof typeof english;",
        'src/messages/published.ts':
          "import browser from 'webextension-polyfill'; export const read = () => browser.storage.session.get();",
        'src/pages/popup/main.tsx':
          "import { render } from 'preact'; import '../parts/look.css'; import type { M } from '../../messages/m.ts'; render(<p />, document.body); export type N = M;",
        'src/pages/parts/look.css': 'p { color: red }',
        'src/auth/vault.ts': "import { a } from '../domain/a.ts'; export const vault = a;",
        'src/cxone/http.ts': 'export const ask = () => fetch("https://x");',
        'src/storage/items.ts': "import { a } from '../domain/a.ts'; export const items = a;",
        'src/background/main.ts':
          "import { vault } from '../auth/vault.ts'; import { ask } from '../cxone/http.ts'; import { items } from '../storage/items.ts'; import { m } from '../messages/m.ts'; console.log(vault, ask, items, m);",
      }),
    ).toEqual([]);
  });

  it.each([
    [
      'a page importing auth',
      {
        'src/auth/v.ts': 'export type V = 1;',
        'src/pages/popup/p.ts': "import type { V } from '../../auth/v.ts'; export type P = V;",
      },
      'pages must not import from auth',
    ],
    [
      'messages importing storage',
      { 'src/storage/s.ts': 'export const s = 1;', 'src/messages/m.ts': "export { s } from '../storage/s.ts';" },
      'messages must not import from storage',
    ],
    [
      'auth importing cxone',
      { 'src/cxone/http.ts': 'export const c = 1;', 'src/auth/a.ts': "export * from '../cxone/http.ts';" },
      'auth must not import from cxone',
    ],
    [
      'domain importing messages',
      { 'src/messages/m.ts': 'export type M = 1;', 'src/domain/d.ts': "export type D = import('../messages/m.ts').M;" },
      'domain must not import from messages',
    ],
    [
      'domain importing a package',
      { 'src/domain/d.ts': "import browser from 'webextension-polyfill'; export { browser };" },
      'domain imports no package',
    ],
    ['a clock in domain', { 'src/domain/d.ts': 'export const age = (since: number) => Date.now() - since;' }, 'no clock'],
    ['chrome in domain', { 'src/domain/d.ts': 'export const id = () => chrome.runtime.id;' }, 'domain knows no browser'],
    ['whole zod', { 'src/storage/s.ts': "import { z } from 'zod'; export const s = z.string();" }, "'zod/mini'"],
    ['fetch elsewhere', { 'src/auth/a.ts': 'export const a = () => globalThis.fetch("https://x");' }, 'only src/cxone/http.ts'],
    [
      'storage in another message file',
      { 'src/messages/send.ts': 'export const s = () => chrome.storage.local.get();' },
      'only src/messages/published.ts',
    ],
    ['a file that is not there', { 'src/auth/a.ts': "export * from './gone.ts';" }, 'does not exist'],
    ['a way out of src', { 'src/auth/a.ts': "export * from '../../test/tenant/tenant.ts';" }, 'outside src/'],
  ])('goes red for %s', (_name, files: Record<string, string>, words) => {
    expect(check({ ...DOMAIN, ...files })).toEqual([expect.stringContaining(words)]);
  });

  it('goes red for a cycle, but not for one of types alone', () => {
    expect(check({ 'src/auth/a.ts': "import './b.ts'; export type A = 1;", 'src/auth/b.ts': "import './a.ts';" })).toEqual([
      expect.stringContaining('import cycle: src/auth/a.ts → src/auth/b.ts → src/auth/a.ts'),
    ]);
    expect(
      check({
        'src/auth/a.ts': "import './b.ts'; export type A = 1;",
        'src/auth/b.ts': "import type { A } from './a.ts'; export type B = A;",
      }),
    ).toEqual([]);
  });

  it('goes red for a dynamic import the worker can reach, and lets a page have one', () => {
    const late = "export const late = () => import('./b.ts');";
    expect(
      check({ 'src/background/main.ts': "import '../cxone/a.ts';", 'src/cxone/a.ts': late, 'src/cxone/b.ts': 'export {};' }),
    ).toEqual([expect.stringContaining('src/cxone/a.ts:1 dynamic import')]);
    expect(check({ 'src/pages/console/a.ts': late, 'src/pages/console/b.ts': 'export {};' })).toEqual([]);
  });

  it('goes red when the schema library would reach a page', () => {
    const contract = {
      'src/messages/contract.ts': "import * as z from 'zod/mini'; export const schema = z.string(); export type T = string;",
    };
    expect(
      check({
        ...contract,
        'src/pages/popup/main.ts': "import { schema } from '../../messages/contract.ts'; console.log(schema);",
      }),
    ).toEqual([expect.stringContaining('zod reaches a page')]);
    expect(
      check({
        ...contract,
        'src/pages/popup/main.ts': "import type { T } from '../../messages/contract.ts'; export type U = T;",
      }),
    ).toEqual([]);
  });
});
