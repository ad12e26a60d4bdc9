import { useSignal } from '@preact/signals';
import browser from 'webextension-polyfill';
import { send } from '../../../messages/send.ts';
import { t } from '../../../messages/words.ts';
import { Callout } from '../bits/callout.tsx';
import { CopyButton } from '../bits/copy-button.tsx';
import { failureOf } from '../state/failure.ts';
import { about } from '../state/load.ts';
import { Card, Section } from './section.tsx';

export function AboutSection() {
  const { redirectUri, extensionId, version } = about.value;
  const manifest = browser.runtime.getManifest();
  const chrome = 'minimum_chrome_version' in manifest ? String(manifest.minimum_chrome_version) : '';
  const facts = [
    { term: t('options_version'), value: version, copied: false },
    { term: t('options_extensionId'), value: extensionId, copied: true },
    { term: t('options_redirect'), value: redirectUri, copied: true },
    { term: t('options_minimumChrome'), value: chrome, copied: false },
  ];
  return (
    <Section id="about" title={t('options_about')}>
      <Card title={t('extensionName')}>
        <dl class="facts">
          {facts.map(({ term, value, copied }) => (
            <div key={term} class="fact">
              <dt>{term}</dt>
              <dd>
                <code>{value}</code> {copied && <CopyButton text={value} what={term} />}
              </dd>
            </div>
          ))}
        </dl>
        <p class="help">{t('options_licence')}</p>
      </Card>
      <LogCard />
    </Section>
  );
}

type Log = { kind: 'closed' } | { kind: 'loading' } | { kind: 'failed'; message: string } | { kind: 'open'; lines: string[] };

/** What the worker did, without tokens, names or addresses with queries: fit for a ticket. */
function LogCard() {
  const log = useSignal<Log>({ kind: 'closed' });
  const fetchLog = async () => {
    log.value = { kind: 'loading' };
    try {
      const { lines } = await send('log', {});
      log.value = { kind: 'open', lines };
    } catch (error) {
      log.value = { kind: 'failed', message: failureOf(error).message };
    }
  };
  const shown = log.value;
  return (
    <Card title={t('options_log')}>
      <p class="help">{t('options_logHelp')}</p>
      {shown.kind === 'failed' && <Callout tone="bad" title={shown.message} role="alert" />}
      {shown.kind === 'open' && shown.lines.length === 0 && <p>{t('options_logEmpty')}</p>}
      {shown.kind === 'open' && shown.lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard
        <section class="log" tabIndex={0} aria-label={t('options_log')}>
          <pre>{shown.lines.join('\n')}</pre>
        </section>
      )}
      <div class="acts">
        <button type="button" class="btn" disabled={shown.kind === 'loading'} onClick={() => void fetchLog()}>
          {shown.kind === 'open' ? t('options_logAgain') : t('options_logShow')}
        </button>
        {shown.kind === 'open' && shown.lines.length > 0 && (
          <CopyButton text={shown.lines.join('\n')} label={t('options_logCopy')} what="" />
        )}
      </div>
    </Card>
  );
}
