import { crx } from '@crxjs/vite-plugin';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';
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

export default defineConfig(({ mode }) => {
  const demo = mode === 'demo';
  return {
    plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false }), crx({ manifest: demo ? demoManifest() : manifest })],
    define: { __DEMO__: JSON.stringify(demo) },
    build: {
      outDir: demo ? 'dist-demo' : 'dist',
      emptyOutDir: true,
      target: 'chrome140',
      modulePreload: false,
      rollupOptions: { input: { console: 'src/pages/console/index.html' } },
    },
  };
});
