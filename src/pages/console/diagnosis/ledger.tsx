import { useSignal } from '@preact/signals';
import type { GrantEvent } from '../../../domain/auth-status.ts';
import { t } from '../../../messages/words.ts';
import { clock } from './finding.ts';

/** A day of hourly renewals is a screenful of lines that say the same. */
const FIRST = 6;

function kindOf({ kind, nth }: GrantEvent): string {
  if (kind === 'renewal') return t('diagnosis_grant_renewal', nth);
  return t(kind === 'signIn' ? 'diagnosis_grant_signIn' : 'diagnosis_grant_silentSignIn');
}

function Scopes({ scopes, lost = false }: { scopes: readonly string[]; lost?: boolean }) {
  return (
    <>
      {scopes.map((scope) => (
        <span key={scope} class="scope">
          {lost ? (
            <del>
              <span class="unseen">{t('diagnosis_grant_lost')} </span>
              <code>{scope}</code>
            </del>
          ) : (
            <code>{scope}</code>
          )}
        </span>
      ))}
    </>
  );
}

/** Every grant and renewal since the sign-in: what was asked for, what came, and which of them lost something. */
export function Ledger({ ledger }: { ledger: readonly GrantEvent[] }) {
  const all = useSignal(false);
  if (ledger.length === 0) return null;
  const newestFirst = ledger.toReversed();
  const shown = all.value ? newestFirst : newestFirst.slice(0, FIRST);
  const more = newestFirst.length - shown.length;
  return (
    <section class="card" aria-labelledby="ledger">
      <h3 id="ledger">{t('diagnosis_ledger')}</h3>
      <table class="ledger">
        <thead>
          <tr>
            <th scope="col">{t('diagnosis_ledger_when')}</th>
            <th scope="col">{t('diagnosis_ledger_what')}</th>
            <th scope="col">{t('diagnosis_ledger_asked')}</th>
            <th scope="col">{t('diagnosis_ledger_received')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((event) => (
            <tr key={`${event.atMs} ${event.nth}`} class={event.lost.length > 0 ? 'lossy' : ''}>
              <td>{clock(event.atMs)}</td>
              <th scope="row">{kindOf(event)}</th>
              <td data-label={t('diagnosis_ledger_asked')}>
                <Scopes scopes={event.requested} />
              </td>
              <td data-label={t('diagnosis_ledger_received')}>
                <Scopes scopes={event.received} />
                <Scopes scopes={event.lost} lost />
                {event.received.length + event.lost.length === 0 && <span class="mut">{t('diagnosis_grant_none')}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && (
        <button
          type="button"
          class="btn quiet"
          onClick={() => {
            all.value = true;
          }}
        >
          {t('diagnosis_ledger_more', more)}
        </button>
      )}
    </section>
  );
}
