import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { csvText } from '../../../../domain/csv.ts';
import { t } from '../../../../messages/words.ts';
import { formatCount } from '../../../parts/count.ts';
import { download } from '../../../parts/download.ts';
import { connectionId, traits } from '../access.ts';
import {
  bench,
  failed,
  goOn,
  lostFile,
  openFile,
  openText,
  pasted,
  reopen,
  source,
  startOver,
  stoppedHalfway,
  tooLongToKeep,
} from './many.ts';
import { ReadingCard } from './reading-card.tsx';
import { ResultCard } from './result-card.tsx';
import { columnsFor } from './rows.ts';

/** Typing has paused. */
const REST_MS = 400;
/** A field with more than this in it is slow to draw: longer texts are taken without being shown. In characters. */
const SHOWN_MOST = 20_000;

/** An empty file with the columns this tenant has. */
function saveExample(): void {
  download('skills-example.csv', new Blob([csvText(columnsFor(traits.peek()), [])], { type: 'text/csv;charset=utf-8' }));
}

/** Where rows come in: typed, pasted, dropped or chosen. */
function Ways() {
  const chooser = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const typed = (text: string) => {
    pasted.value = text;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void openText(text), REST_MS);
  };
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text.length + pasted.peek().length <= SHOWN_MOST) return;
    event.preventDefault();
    pasted.value = text;
    void openText(text);
  };
  return (
    <>
      <p>{t('skills_in_manyText')}</p>
      <p class="mut">
        {t('skills_in_columns')}{' '}
        {columnsFor(traits.value).map((column, index) => (
          <span key={column}>
            {index > 0 && ', '}
            <code>{column}</code>
          </span>
        ))}
        .
      </p>
      {lostFile.value && (
        <p role="status" class="lost">
          {t('skills_in_chooseAgain', lostFile.value)}
        </p>
      )}
      <textarea
        class="field paste"
        rows={7}
        spellcheck={false}
        aria-label={t('skills_in_paste')}
        placeholder={t('skills_in_paste')}
        value={pasted.value}
        onPaste={onPaste}
        onInput={(event) => typed(event.currentTarget.value)}
      />
      <div class="acts">
        <button type="button" class="btn" onClick={() => chooser.current?.click()}>
          {t('skills_in_chooseFile')}
        </button>
        <input
          ref={chooser}
          type="file"
          hidden
          accept=".csv,.tsv,.txt,text/csv,text/plain"
          aria-label={t('skills_in_chooseFile')}
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file) void openFile(file);
            event.currentTarget.value = '';
          }}
        />
        <button type="button" class="btn quiet" onClick={saveExample}>
          {t('skills_in_example')}
        </button>
        <p class="mut">{t('skills_in_drop')}</p>
      </div>
    </>
  );
}

/** What is being read, where it is too long to be shown. */
function Taken() {
  const from = source.value;
  if (!from) return null;
  return (
    <div class="taken">
      <p>
        <b>{from.name ? <bdi>{from.name}</bdi> : t('skills_in_pastedName')}</b>{' '}
        <span class="mut">{t('skills_in_size', formatCount(Math.ceil(from.text.length / 1000)))}</span>
      </p>
      <button type="button" class="btn" onClick={startOver}>
        {t('skills_in_startOver')}
      </button>
      {from.name && <p class="mut sm note">{t('skills_in_fileKept')}</p>}
      {tooLongToKeep.value && <p class="mut sm note">{t('skills_in_tooLongToKeep')}</p>}
    </div>
  );
}

function Progress() {
  const work = bench.now.value;
  if (!work) return null;
  const label = t(work.kind === 'reading' ? 'skills_in_reading' : 'skills_in_checking');
  return (
    <section class="card loading" aria-label={label}>
      <div class="load-words">
        <h3>{label}</h3>
      </div>
      <button type="button" class="btn" onClick={() => bench.stop()}>
        {t('skills_in_cancel')}
      </button>
      <progress aria-label={label} value={work.part} />
    </section>
  );
}

/** Somebody has stopped it: it can go on. */
function Stopped() {
  if (!stoppedHalfway.value) return null;
  return (
    <section class="card loading" aria-labelledby="stopped">
      <div class="load-words">
        <h3 id="stopped">{t('skills_in_stopped')}</h3>
      </div>
      <button type="button" class="btn main" onClick={() => void goOn()}>
        {t('skills_in_goOn')}
      </button>
    </section>
  );
}

/** Many at once: a paste or a file. */
export function ManyForm() {
  const over = useSignal(false);
  useEffect(reopen, [connectionId.value]);
  useEffect(() => {
    // A file that misses the field would take the page's place.
    const hold = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      over.value = event.type === 'dragover';
      const file = event.type === 'drop' ? event.dataTransfer.files[0] : undefined;
      if (file) void openFile(file);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) over.value = false;
    };
    addEventListener('dragover', hold);
    addEventListener('drop', hold);
    addEventListener('dragleave', leave);
    return () => {
      removeEventListener('dragover', hold);
      removeEventListener('drop', hold);
      removeEventListener('dragleave', leave);
    };
  }, []);
  const from = source.value;
  const shown = pasted.value.length <= SHOWN_MOST && (from === null || from.name === '');
  return (
    <>
      <section class={over.value ? 'card skill-form dropping' : 'card skill-form'} aria-labelledby="many">
        <h2 id="many">{t('skills_in_many')}</h2>
        {shown ? <Ways /> : <Taken />}
        {failed.value && (
          <p class="wrong" role="alert">
            {failed.value}
          </p>
        )}
      </section>
      <ReadingCard />
      <Progress />
      <Stopped />
      <ResultCard />
    </>
  );
}
