/** The least an extension can be: what our popup and our worker are compared with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';

const FILES = {
  'manifest.json': JSON.stringify({
    manifest_version: 3,
    name: 'Empty',
    version: '1',
    background: { service_worker: 'worker.js', type: 'module' },
  }),
  'worker.js': `chrome.runtime.onMessage.addListener((message, sender, answer) => {
  answer({ ok: true });
});
`,
  'page.html': `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <script type="module" src="page.js"></script>
  </head>
  <body></body>
</html>
`,
  'page.js': `document.body.append(Object.assign(document.createElement('p'), { textContent: 'Empty' }));
`,
};

export interface EmptyExtension {
  /** `chrome-extension://<id>`; its page is `page.html`. */
  origin: string;
  /** Deletes its files. */
  remove(): void;
}

/** Loads it into a running browser. */
export async function loadEmptyExtension(context: BrowserContext): Promise<EmptyExtension> {
  const folder = mkdtempSync(join(tmpdir(), 'empty-extension-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const session = await context.browser()?.newBrowserCDPSession();
  // Not in Playwright's list of protocol calls, but passed on as it is.
  const send = session?.send as unknown as (method: string, params: object) => Promise<{ id: string }>;
  const { id } = await send.call(session, 'Extensions.loadUnpacked', { path: folder });
  const origin = `chrome-extension://${id}`;
  // A page that stays open keeps the process, as the harness's own does for ours.
  const page = await context.newPage();
  await page.goto(`${origin}/manifest.json`);
  return { origin, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
