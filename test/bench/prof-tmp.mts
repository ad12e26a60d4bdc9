import { Lab } from './support/lab.ts';
import { loadEmptyExtension } from './support/empty-extension.ts';
const lab = await Lab.open('/tmp/lab/out');
try {
  const e = await loadEmptyExtension(lab.browser, lab.extension.context);
  console.log(e.origin);
  const p = await lab.extension.context.newPage();
  await p.goto(e.origin + '/page.html'); console.log(await p.textContent('body'));
  await lab.extension.stopWorker();
  console.log(await p.evaluate(async () => { const t = performance.now(); const a = await chrome.runtime.sendMessage({}); return [a, performance.now() - t]; }));
} finally { await lab.close(); }
