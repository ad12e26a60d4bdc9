import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import browser from 'webextension-polyfill';
import type { AgentEvidence } from '../../../domain/diagnosis/evidence.ts';
import type { DiagnosisRun } from '../../../domain/diagnosis/run.ts';
import { type TicketContext, ticketJson, ticketMarkdown } from '../../../domain/diagnosis/ticket.ts';
import { t } from '../../../messages/words.ts';
import { download } from '../../parts/download.ts';
import { glance } from '../../parts/store.ts';
import { fileName } from './file-name.ts';
import { narrowed } from './runs.ts';
import { text } from './said.tsx';

const STAYS_MS = 4000;

function context(): TicketContext {
  const api = glance.peek()?.connection?.hosts.at(-1) ?? '';
  return {
    version: browser.runtime.getManifest().version,
    tenantHost: URL.canParse(api) ? new URL(api).host : '',
    say: text,
  };
}

function save(about: DiagnosisRun): void {
  download(fileName(about.startedMs), new Blob([ticketJson(about, context())], { type: 'application/json' }));
}

/** What an admin needs, to take along: for a ticket, or whole for a machine. `agent` null: of all the run's agents. */
export function TicketButtons({ run, agent, main = false }: { run: DiagnosisRun; agent: AgentEvidence | null; main?: boolean }) {
  const said = useSignal<'' | 'copied' | 'failed'>('');
  const about = agent ? narrowed(run, agent) : run;
  useEffect(() => {
    if (said.value === '') return;
    const timer = setTimeout(() => {
      said.value = '';
    }, STAYS_MS);
    return () => clearTimeout(timer);
  }, [said.value]);
  const copy = async () => {
    said.value = await navigator.clipboard.writeText(ticketMarkdown(about, context())).then(
      () => 'copied' as const,
      () => 'failed' as const,
    );
  };
  return (
    <>
      <button type="button" class={main ? 'btn main' : 'btn'} onClick={() => void copy()}>
        {t('diagnosis_copy')}
      </button>
      <button type="button" class="btn" onClick={() => save(about)}>
        {t('diagnosis_save')}
      </button>
      <span role="status" class={`sm beside ${said.value}`}>
        {said.value === 'copied' && t('diagnosis_copied')}
        {said.value === 'failed' && t('diagnosis_copyFailed')}
      </span>
    </>
  );
}
