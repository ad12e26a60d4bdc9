/** A diagnosis as a page sees it, and what the tenant was asked for it. */
import type { DiagnosisRun } from '../../../../src/domain/diagnosis/run.ts';
import type { Tenant } from '../../../tenant/tenant.ts';
import { eventually } from '../../support/eventually.ts';
import type { Worker } from './boot.ts';

/** What the tenant was asked since. */
export function askedSince(tenant: Tenant, sinceSeq: number): string[] {
  return tenant.log
    .since(sinceSeq)
    .filter(({ path }) => path.startsWith('/api/'))
    .map(({ path, query }) => path.replace('/api/v2', '') + (query.agentId === undefined ? '' : '?agentId'));
}

export const lastSeq = (tenant: Tenant) => tenant.log.since(0).at(-1)?.seq ?? 0;

export const until = (worker: Worker, holds: (run: DiagnosisRun) => boolean) =>
  eventually(async () => {
    const run = await worker.view('view.diagnosis');
    if (!run || !holds(run)) throw new Error(JSON.stringify(run)?.slice(0, 300));
    return run;
  }, 10);

export const ended = ({ status }: DiagnosisRun) => status !== 'running';
export const waiting = ({ doing }: DiagnosisRun) => (doing?.untilMs ?? 0) > 0;
