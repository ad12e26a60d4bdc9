import { configOf, type ImportPlan } from '../../../domain/config-plan.ts';
import { t, tCode } from '../../../messages/words.ts';
import { Callout } from '../bits/callout.tsx';
import { type ConfigVocabulary, unknownKeys, valueText } from '../logic/config-words.ts';
import { settings } from '../state/autosave.ts';
import { applyImport, dropImport, type Import, importing, importStuck, importText, planned } from '../state/config-import.ts';
import { connectionId, saved } from '../state/connection-form.ts';
import { Card, Section } from './section.tsx';

export function FileSection() {
  return (
    <Section id="file" title={t('options_file')} intro={t('options_fileIntro')}>
      <ExportCard />
      <ImportCard />
    </Section>
  );
}

const FILE_NAME = 'agent-watch-settings.json';

function ExportCard() {
  const download = () => {
    const text = `${JSON.stringify(configOf(saved.peek(), settings.peek()), null, 2)}\n`;
    const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = FILE_NAME;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Card title={t('options_export')}>
      <p class="help">{t('options_exportHelp')}</p>
      <div class="acts">
        <button type="button" class="btn" disabled={connectionId.value === null} onClick={download}>
          {t('options_exportButton')}
        </button>
        {connectionId.value === null && <p class="help">{t('options_exportNothing')}</p>}
      </div>
    </Card>
  );
}

function ImportCard() {
  const result = planned.value;
  const wrong = result.kind === 'wrong';
  const read = async (input: HTMLInputElement) => {
    const [file] = input.files ?? [];
    if (file) importText.value = await file.text();
    // The same file may be chosen again after it was put right.
    input.value = '';
  };
  return (
    <Card title={t('options_import')}>
      <p class="help" id="import-help">
        {t('options_importHelp')}
      </p>
      <label class="help" for="import-file">
        {t('options_importFile')}
      </label>
      <input
        id="import-file"
        type="file"
        accept="application/json,.json"
        onChange={({ currentTarget }) => void read(currentTarget)}
      />
      <label class="help" for="import-text">
        {t('options_importPaste')}
      </label>
      <textarea
        id="import-text"
        class="field wide code"
        rows={5}
        spellcheck={false}
        autocomplete="off"
        dir="ltr"
        value={importText.value}
        aria-describedby="import-help import-result"
        aria-invalid={wrong}
        onInput={({ currentTarget }) => {
          importText.value = currentTarget.value;
          importStuck.value = false;
        }}
      />
      <div id="import-result" role="status" class="import-result">
        <Result result={result} />
      </div>
      {importStuck.value && <Callout tone="bad" role="alert" title={t('options_importStuck')} />}
      {result.kind !== 'none' && <ImportActs result={result} />}
    </Card>
  );
}

function ImportActs({ result }: { result: Import }) {
  const count = result.kind === 'plan' ? result.plan.changes.length : 0;
  return (
    <div class="acts">
      {count > 0 && (
        <button type="button" class="btn main" disabled={importing.value} onClick={() => void applyImport()}>
          {importing.value ? t('options_saving') : t('options_importApply')}
        </button>
      )}
      <button type="button" class="btn" onClick={dropImport}>
        {t('options_importDrop')}
      </button>
    </div>
  );
}

function Result({ result }: { result: Import }) {
  if (result.kind === 'none') return null;
  if (result.kind === 'wrong') return <p class="note bad">{tCode(result.why.key, result.why.params)}</p>;
  const { plan, checked } = result;
  return (
    <>
      <Changes plan={plan} />
      {checked.refused.length > 0 && (
        <div class="import-left">
          <p class="note bad">{t('options_importRefused')}</p>
          <ul class="plain refused">
            {checked.refused.map(({ key, why }) => (
              <li key={key}>
                <code>{key}</code> {tCode(why.key, why.params)}
              </li>
            ))}
          </ul>
        </div>
      )}
      {plan.locked.length > 0 && <p class="help">{t('options_importLocked', plan.locked.join(', '))}</p>}
      {plan.idle.length > 0 && <p class="help">{t('options_importIdle', plan.idle.join(', '))}</p>}
      {checked.unknown.length > 0 && <p class="help">{t('options_importUnknown', unknownKeys(checked.unknown))}</p>}
    </>
  );
}

const WORDS: ConfigVocabulary = {
  get yes() {
    return t('options_yes');
  },
  get no() {
    return t('options_no');
  },
  get nothing() {
    return t('options_nothing');
  },
  agents: (count) => t('options_importAgents', count),
};

function Changes({ plan: { changes } }: { plan: ImportPlan }) {
  if (changes.length === 0) return <p>{t('options_importSame')}</p>;
  return (
    <>
      <p class="import-count">{t('options_importChanges', changes.length)}</p>
      <table class="changes">
        <thead>
          <tr>
            <th scope="col">{t('options_importKey')}</th>
            <th scope="col">{t('options_importBefore')}</th>
            <th scope="col">{t('options_importAfter')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ key, before, after }) => (
            <tr key={key}>
              <th scope="row">
                <code>{key}</code>
              </th>
              <td class={before === undefined ? 'mut' : ''}>{valueText(key, before, WORDS)}</td>
              <td class={after === undefined ? 'mut' : ''}>{valueText(key, after, WORDS)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
