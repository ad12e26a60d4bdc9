import { Lab } from './support/lab.ts';
(Lab.prototype as any).fillAlertLog = async function () {
  const t0 = Date.now();
  const ext = this.extension;
  await ext.outside(() => { (globalThis as any).ch = []; chrome.storage.onChanged.addListener((c: any, area: string) => { for (const [k, v] of Object.entries(c) as any) (globalThis as any).ch.push([Math.round(performance.now()), area, k, k === 'view.glance' ? v.newValue?.rows?.length : k.endsWith('/settings') ? v.newValue?.watchedAgentIds?.length : '' ]); }); }, null);
  try { await this.watch(this.agentIds(30)); console.log('ok', Date.now() - t0); } catch (e) { console.log('failed', String(e).slice(0, 60)); }
  console.log(JSON.stringify(await ext.outside(() => (globalThis as any).ch, null)));
  console.log(await ext.runtimeErrors());
  console.log(this.tenant.log.since(0).map((e: any) => `${e.at.slice(17)} ${e.path} ${JSON.stringify(e.query)} ${e.status} ${e.ms}`).join('\n'));
};
const lab = await Lab.open('/work/main/.cache/bench');
await lab.close();
