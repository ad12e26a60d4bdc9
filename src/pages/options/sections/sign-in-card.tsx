import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { AuthPhase, AuthStatus } from '../../../domain/auth-status.ts';
import { SIGNED_OUT } from '../../../domain/auth-status.ts';
import { send } from '../../../messages/send.ts';
import { type MessageKey, t, tCode } from '../../../messages/words.ts';
import { attempt } from '../../parts/notice.tsx';
import { auth } from '../../parts/store.ts';
import { when } from '../bits/language.ts';
import { canUse, connectionId, dirty, draft, saveAndAsk } from '../state/connection-form.ts';
import { secretKept } from '../state/connections.ts';
import { viewsRead } from '../state/load.ts';
import { Card } from './section.tsx';

const PHASES: Record<AuthPhase, { key: MessageKey; tone: 'good' | 'warn' | 'bad' | 'none' }> = {
  signedOut: { key: 'options_phaseSignedOut', tone: 'none' },
  signingIn: { key: 'options_phaseSigningIn', tone: 'none' },
  signedIn: { key: 'options_phaseSignedIn', tone: 'good' },
  recovering: { key: 'options_phaseRecovering', tone: 'warn' },
  scopeLost: { key: 'options_phaseScopeLost', tone: 'bad' },
  needsSignIn: { key: 'options_phaseNeedsSignIn', tone: 'bad' },
};

/** Where sign-in stands, with its one button. */
export function SignInCard() {
  if (auth.value === undefined && !viewsRead.value) {
    return (
      <Card title={t('options_signIn')}>
        <span class="bone" />
      </Card>
    );
  }
  // One that has never been saved has never been signed in to.
  const status = (connectionId.value !== null && auth.value) || SIGNED_OUT;
  const { phase, failure } = status;
  const { key, tone } = PHASES[phase];
  const ownWay = draft.value.grant === 'authorizationCode';
  const inside = phase === 'signedIn' || phase === 'scopeLost' || phase === 'recovering';
  return (
    <Card title={t('options_signIn')}>
      <div class="phase" role="status">
        <span class={`phase-dot ${tone}`} aria-hidden="true" />
        <div>
          <p class="phase-words">{t(key)}</p>
          {failure !== null && phase !== 'signedIn' && <p class="note">{tCode(`auth_${failure}`)}</p>}
          {phase === 'signedOut' && failure === null && (
            <p class="help">{t(ownWay ? 'options_phaseSignedOutHelp' : 'options_phaseSignedOutHelpDirect')}</p>
          )}
          {phase === 'signingIn' && ownWay && <p class="help">{t('options_phaseSigningInHelp')}</p>}
        </div>
      </div>
      {inside && <Session status={status} />}
      <Actions phase={phase} inside={inside} ownWay={ownWay} />
    </Card>
  );
}

function Session({ status }: { status: AuthStatus }) {
  const { grantedScopes, effectiveScopes, missingScopes, organisationId, ledger } = status;
  const signedInMs = ledger.findLast((event) => event.kind === 'signIn')?.atMs ?? status.sinceMs;
  const shown = [...new Set([...effectiveScopes, ...grantedScopes, ...missingScopes])];
  return (
    <dl class="facts">
      {signedInMs > 0 && <Fact term={t('options_signedInSince')}>{when(signedInMs)}</Fact>}
      {organisationId !== '' && (
        <Fact term={t('options_organisation')}>
          <code>{organisationId}</code>
        </Fact>
      )}
      <Fact term={t('options_scopesReceived')}>
        {shown.length === 0 && <span class="mut">{t('options_scopesNone')}</span>}
        <ul class="plain scopes">
          {shown.map((scope) => (
            <ScopeLine
              key={scope}
              scope={scope}
              has={effectiveScopes.includes(scope)}
              needed={missingScopes.includes(scope)}
              granted={grantedScopes.includes(scope)}
            />
          ))}
        </ul>
      </Fact>
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Struck out and said in words: granted at sign-in but not in the token now, or never granted. */
function ScopeLine({ scope, has, needed, granted }: { scope: string; has: boolean; needed: boolean; granted: boolean }) {
  if (has) {
    return (
      <li>
        <code>{scope}</code>
      </li>
    );
  }
  return (
    <li class={needed ? 'lost' : 'mut'}>
      <del>
        <code>{scope}</code>
      </del>{' '}
      {granted ? t('options_scopeLost') : t('options_scopeNeverGranted')}
      {needed && ` ${t('options_scopeNeeded')}`}
    </li>
  );
}

/** `ownWay`: in a window, as oneself; else with the secret that is kept. */
function Actions({ phase, inside, ownWay }: { phase: AuthPhase; inside: boolean; ownWay: boolean }) {
  const busy = useSignal(false);
  const run = async (job: () => Promise<unknown>) => {
    if (busy.peek()) return;
    busy.value = true;
    await attempt(job);
    busy.value = false;
  };
  const signIn = () => {
    const step = saveAndAsk();
    if (step === null) return;
    void run(async () => {
      if (!(await step.saved)) return;
      await step.asked;
      await send('signIn', {});
    });
  };
  if (phase === 'signingIn') {
    return (
      <div class="acts">
        <button type="button" class="btn" onClick={() => void run(() => send('cancelSignIn', {}))}>
          {t('options_cancel')}
        </button>
      </div>
    );
  }
  const words = phase === 'scopeLost' ? t('options_askConsent') : inside ? t('options_signInAgain') : t('options_signInButton');
  const main = phase !== 'signedIn' && phase !== 'recovering' && !dirty.value;
  const secretMissing = !ownWay && !secretKept.value;
  const can = canUse.value && !secretMissing;
  const help = ownWay ? t('options_signOutHelp') : t('options_signOutHelpDirect');
  return (
    <div class="acts">
      <button type="button" class={`btn ${main ? 'main' : ''}`} onClick={signIn} disabled={busy.value || !can}>
        {words}
      </button>
      {(inside || phase === 'needsSignIn') && (
        <button
          type="button"
          class="btn"
          aria-describedby="sign-out-help"
          disabled={busy.value}
          onClick={() => void run(() => send('signOut', {}))}
        >
          {t('options_signOut')}
        </button>
      )}
      <p class="help" id="sign-out-help">
        {inside || phase === 'needsSignIn' ? help : !can && t(canUse.value ? 'options_secretFirst' : 'options_signInFirst')}
      </p>
    </div>
  );
}
