import { useSignal } from '@preact/signals';
import { historyCsv } from '../../../domain/history/history-csv.ts';
import { t } from '../../../messages/words.ts';
import { download } from '../../parts/download.ts';
import { attempt, say } from '../../parts/notice.tsx';
import { nameOf } from '../diagnosis/names.ts';
import { fileName } from './file-name.ts';
import { pictureOf } from './picture.ts';
import { lanes, question, ZONE } from './state.ts';
import { shown } from './view.ts';
import { formatEnds, formatMoment, rangeLabel } from './words.ts';

const known = () => lanes.peek().flatMap(({ agentId, lane }) => (lane ? { agentId, name: nameOf(agentId), lane } : []));

/** All of the range, whatever part of it is in sight: a file is looked at without the picture. */
async function saveCsv(): Promise<void> {
  const asked = question.peek();
  if (!asked) return;
  const text = historyCsv(
    known().map(({ agentId, name, lane: { segments } }) => ({ agentId, name, segments })),
    ZONE,
  );
  const name = fileName(asked.toMs, 'csv');
  download(name, new Blob([text], { type: 'text/csv;charset=utf-8' }));
  say(t('history_saved', name));
}

const LONG_AGO = 0;

/** What is in sight, as it is in sight. */
async function savePicture(): Promise<void> {
  const asked = question.peek();
  if (!asked) return;
  const window = shown.peek();
  const untilMs = Math.min(window.toMs, asked.toMs);
  // A file says the day, whenever it is looked at.
  const span = t('history_span', ...formatEnds({ fromMs: window.fromMs, toMs: untilMs }, LONG_AGO, formatMoment));
  const picture = await pictureOf({
    title: rangeLabel(asked.range),
    note: `${span} · ${t('history_zone', ZONE)}`,
    lanes: known(),
    window,
    zone: ZONE,
  });
  if (!picture) throw new Error(t('history_pictureFailed'));
  const name = fileName(asked.toMs, 'png');
  download(name, picture);
  say(t('history_saved', name));
}

/** To take along: the stretches for a spreadsheet, the picture for a talk. */
export function ExportButtons() {
  const busy = useSignal(false);
  const none = !lanes.value.some(({ lane }) => lane);
  const save = async (job: () => Promise<void>) => {
    if (busy.value || none) return;
    busy.value = true;
    await attempt(job);
    busy.value = false;
  };
  return (
    <>
      <button
        type="button"
        class="btn"
        aria-label={t('history_csvLong')}
        title={t('history_csvLong')}
        aria-disabled={none}
        onClick={() => void save(saveCsv)}
      >
        {t('history_csv')}
      </button>
      <button
        type="button"
        class="btn"
        aria-label={t('history_pngLong')}
        title={t('history_pngLong')}
        aria-disabled={none}
        onClick={() => void save(savePicture)}
      >
        {t('history_png')}
      </button>
    </>
  );
}
