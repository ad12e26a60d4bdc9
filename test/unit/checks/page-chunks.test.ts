import { describe, expect, it } from 'vitest';
import { pageChunks } from '../../../scripts/lib/page-chunks.ts';

/** module → those that import it statically */
const IMPORTERS: Record<string, string[]> = {
  '/src/pages/popup/main.tsx': [],
  '/src/pages/options/main.tsx': [],
  '/src/pages/console/main.tsx': [],
  '/src/pages/popup/popup.tsx': ['/src/pages/popup/main.tsx'],
  // Loaded when a row is opened.
  '/src/pages/popup/day.tsx': [],
  store: ['/src/pages/popup/popup.tsx', '/src/pages/options/main.tsx', '/src/pages/console/main.tsx'],
  bar: ['/src/pages/popup/popup.tsx', '/src/pages/console/main.tsx'],
  lanes: ['/src/pages/popup/day.tsx', '/src/pages/console/main.tsx'],
  table: ['/src/pages/options/main.tsx', '/src/pages/console/main.tsx'],
  inner: ['store', 'other'],
  other: ['inner'],
};
const graph = { getModuleInfo: (id: string) => ({ importers: IMPORTERS[id] ?? [] }) };

describe('what the pages share', () => {
  const nameOf = pageChunks();
  it.each([
    ['store', 'base'],
    ['bar', 'glance'],
    // Of the popup's, only what it loads before anything is clicked.
    ['lanes', null],
    ['table', null],
    ['/src/pages/popup/popup.tsx', null],
    // Packages whose modules import each other.
    ['inner', 'base'],
  ])('%s goes into %s', (id, name) => {
    expect(nameOf(id, graph)).toBe(name);
  });
});
