import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crx } from '@crxjs/vite-plugin';
import preact from '@preact/preset-vite';
import { build, defineConfig, type Plugin } from 'vite';
import manifest from './manifest.json' with { type: 'json' };
import { pageChunks } from './scripts/lib/page-chunks.ts';

/** Loopback http is for the test tenant alone: it exists in the demo build and nowhere else. */
const LOOPBACK = ['http://127.0.0.1', 'http://localhost'];

function demoManifest(): typeof manifest {
  const policy = manifest.content_security_policy.extension_pages;
  const sources = LOOPBACK.map((origin) => `${origin}:*`).join(' ');
  return {
    ...manifest,
    optional_host_permissions: [...manifest.optional_host_permissions, ...LOOPBACK.map((origin) => `${origin}/*`)],
    content_security_policy: { extension_pages: policy.replace('connect-src https:', `connect-src https: ${sources}`) },
  };
}

/**
 * From Chrome 148 on, `browser` is native, promises and answering listeners included, and webextension-polyfill only hands it on
 * (mozilla/webextension-polyfill PR 942). The sources import the package, for its types and for the tests; what ships is that one line,
 * 3 KB less in every page and in the worker. `minimum_chrome_version` says so.
 */
function nativeBrowser(): Plugin {
  return {
    name: 'native-browser',
    enforce: 'pre',
    resolveId: (id) => (id === 'webextension-polyfill' ? '\0native-browser' : null),
    load: (id) => (id === '\0native-browser' ? 'export default globalThis.browser;' : null),
  };
}

const TARGET = 'chrome148';
const WORKER = 'service-worker.js';

/** What crxjs builds: the pages. It would cut what they share with the worker out of both, into a dozen files for each. */
function pagesOnly({ background: _, ...rest }: typeof manifest): typeof manifest {
  return rest as typeof manifest;
}

/**
 * The worker is one file. It is started again for every alarm and message, cannot load a part of itself later, and one killed among its files
 * is an error in Chrome's list: one file wakes quicker, and the pages have fewer to load as well.
 */
function oneFileWorker(demo: boolean): Plugin {
  return {
    name: 'one-file-worker',
    apply: 'build',
    async writeBundle({ dir = 'dist' }) {
      await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        plugins: [nativeBrowser()],
        define: { __DEMO__: JSON.stringify(demo) },
        build: {
          outDir: dir,
          emptyOutDir: false,
          target: TARGET,
          modulePreload: false,
          rolldownOptions: {
            input: manifest.background.service_worker,
            output: { entryFileNames: WORKER, codeSplitting: false },
          },
        },
      });
      rewrite(join(dir, 'manifest.json'), (built) => ({
        ...built,
        background: { ...manifest.background, service_worker: WORKER },
      }));
    },
  };
}

/** What is said to translators is not shipped. */
function withoutDescriptions(): Plugin {
  const messageAlone = ({ message }: { message: string }) => ({ message });
  return {
    name: 'without-descriptions',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      rewrite<{ message: string }>(join(dir, '_locales/en/messages.json'), (messages) =>
        Object.fromEntries(Object.entries(messages).map(([key, entry]) => [key, messageAlone(entry)])),
      );
    },
  };
}

function rewrite<V>(path: string, change: (json: Record<string, V>) => object): void {
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
}

export default defineConfig(({ mode }) => {
  const demo = mode === 'demo';
  return {
    plugins: [
      nativeBrowser(),
      preact({ devToolsEnabled: false, prefreshEnabled: false }),
      crx({ manifest: pagesOnly(demo ? demoManifest() : manifest) }),
      oneFileWorker(demo),
      withoutDescriptions(),
    ],
    define: { __DEMO__: JSON.stringify(demo) },
    build: {
      outDir: demo ? 'dist-demo' : 'dist',
      emptyOutDir: true,
      target: TARGET,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: { console: 'src/pages/console/index.html' },
        output: { codeSplitting: { groups: [{ name: pageChunks() }] } },
      },
    },
  };
});
