import { crx } from '@crxjs/vite-plugin';
import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';
import manifest from './manifest.json' with { type: 'json' };

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

export default defineConfig(({ mode }) => {
  const demo = mode === 'demo';
  return {
    plugins: [
      nativeBrowser(),
      preact({ devToolsEnabled: false, prefreshEnabled: false }),
      crx({ manifest: demo ? demoManifest() : manifest }),
    ],
    define: { __DEMO__: JSON.stringify(demo) },
    build: {
      outDir: demo ? 'dist-demo' : 'dist',
      emptyOutDir: true,
      target: 'chrome140',
      modulePreload: { polyfill: false },
      rollupOptions: { input: { console: 'src/pages/console/index.html' } },
    },
  };
});
