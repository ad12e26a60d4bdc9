import { signal } from '@preact/signals';
import { auditCsv, auditJsonLines } from '../../../../domain/skills/audit-export.ts';
import { send } from '../../../../messages/send.ts';
import { t } from '../../../../messages/words.ts';
import { formatCount } from '../../../parts/count.ts';
import { download } from '../../../parts/download.ts';
import { attempt, say } from '../../../parts/notice.tsx';
import { fileName } from '../batch/files.ts';
import { collectAudit } from './collect.ts';

const FORMATS = {
  jsonl: { type: 'application/x-ndjson', write: auditJsonLines },
  csv: { type: 'text/csv;charset=utf-8', write: auditCsv },
} as const;

/** One export at a time: how far it has come, and how to end it. */
const under = signal<{ count: number; total: number; stop: AbortController } | null>(null);

async function save(ending: keyof typeof FORMATS): Promise<void> {
  if (under.peek()) return;
  const stop = new AbortController();
  under.value = { count: 0, total: 0, stop };
  try {
    await attempt(async () => {
      const progress = (count: number, total: number) => {
        if (!stop.signal.aborted) under.value = { count, total, stop };
      };
      const read = (offset: number, limit: number) => send('audit', { contains: '', offset, limit });
      const { entries, head } = await collectAudit(read, progress, stop.signal).catch((error: unknown) => {
        if (stop.signal.aborted) return { entries: [], head: null };
        throw error;
      });
      if (!head) return;
      const { type, write } = FORMATS[ending];
      download(fileName('audit', Date.now(), ending), new Blob([write(entries, head)], { type }));
      say(t('skills_audit_saved', formatCount(entries.length), head.seq));
    });
  } finally {
    under.value = null;
  }
}

/** The whole log, with the head: a part of it could not be checked by itself. */
export function ExportButtons() {
  const going = under.value;
  if (going)
    return (
      <span class="exporting">
        <span class="mut">{t('skills_audit_exporting', formatCount(going.count), formatCount(going.total))}</span>
        <progress aria-label={t('skills_audit_export')} value={going.total > 0 ? going.count / going.total : 0} />
        <button
          type="button"
          class="btn"
          onClick={() => {
            going.stop.abort();
            under.value = null;
          }}
        >
          {t('skills_batch_cancel')}
        </button>
      </span>
    );
  return (
    <>
      <button type="button" class="btn" onClick={() => void save('jsonl')}>
        {t('skills_audit_saveJson')}
      </button>
      <button type="button" class="btn" onClick={() => void save('csv')}>
        {t('skills_audit_saveCsv')}
      </button>
    </>
  );
}
