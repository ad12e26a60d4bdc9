import { useSignal } from '@preact/signals';
import { looksToken } from '../../../domain/looks-secret.ts';
import { send } from '../../../messages/send.ts';
import { type MessageKey, t } from '../../../messages/words.ts';
import { attempt, say } from '../../parts/notice.tsx';
import { ResultMark } from '../bits/result-mark.tsx';
import { SecretField } from '../bits/secret-field.tsx';
import { settings } from '../state/autosave.ts';
import { connectionId, draft, saveAndAsk } from '../state/connection-form.ts';
import { secretKept } from '../state/connections.ts';
import { takeAll } from '../state/load.ts';
import { Card } from './section.tsx';

/** What a connection without a sign-in page asks with. It goes to the worker and never comes back; nothing of it is kept in this page. */
export function SecretCard() {
  const { grant } = draft.value;
  if (grant === 'authorizationCode') return null;
  const isKey = grant === 'accessKey';
  return (
    // Another connection, or another way in, begins with empty fields.
    <Card key={`${connectionId.value} ${grant}`} title={isKey ? t('options_key') : t('options_secret')}>
      <SecretBody isKey={isKey} />
    </Card>
  );
}

function SecretBody({ isKey }: { isKey: boolean }) {
  const replacing = useSignal(false);
  const { persistSession } = settings.value;
  if (!secretKept.value || replacing.value)
    return (
      <SecretForm
        isKey={isKey}
        replaces={secretKept.value}
        onEnd={() => {
          replacing.value = false;
        }}
      />
    );
  return (
    <>
      <p class="kept">
        <ResultMark result="ok" /> {persistSession ? t('options_secretKeptDisk') : t('options_secretKeptMemory')}
      </p>
      <div class="acts">
        <button
          type="button"
          class="btn"
          onClick={() => {
            replacing.value = true;
          }}
        >
          {t('options_secretReplace')}
        </button>
        <button type="button" class="btn danger" aria-describedby="secret-forget-help" onClick={() => void forget()}>
          {t('options_secretForget')}
        </button>
        <p class="help" id="secret-forget-help">
          {t('options_secretForgetHelp')}
        </p>
      </div>
    </>
  );
}

/** Signing out is what wipes it: a token that came of it would outlive it else. */
async function forget(): Promise<void> {
  const done = await attempt(async () => {
    await send('signOut', {});
    await takeAll();
  });
  if (done) say(t('options_secretForgotten'));
}

function noteOf(value: string, missing: MessageKey): MessageKey | null {
  if (value === '') return missing;
  return looksToken(value) ? 'field_secretIsToken' : null;
}

function SecretForm({ isKey, replaces, onEnd }: { isKey: boolean; replaces: boolean; onEnd: () => void }) {
  const keyId = useSignal('');
  const secret = useSignal('');
  const tried = useSignal(false);
  const busy = useSignal(false);
  const notes = {
    keyId: isKey ? noteOf(keyId.value.trim(), 'field_keyIdMissing') : null,
    secret: noteOf(secret.value.trim(), 'field_secretMissing'),
  };
  const shown = (field: 'keyId' | 'secret') => (tried.value || notes[field] === 'field_secretIsToken' ? notes[field] : null);
  const keep = async (saved: Promise<boolean>) => {
    busy.value = true;
    const given = { secret: secret.peek().trim(), ...(isKey && { keyId: keyId.peek().trim() }) };
    const done = await attempt(async () => {
      const id = (await saved) ? connectionId.peek() : null;
      if (id === null) return;
      await send('setSecret', { id, ...given });
      secret.value = '';
      keyId.value = '';
      tried.value = false;
      await takeAll();
      say(isKey ? t('options_keyKept') : t('options_secretKept'));
      onEnd();
    });
    if (!done) tried.value = true;
    busy.value = false;
  };
  return (
    <form
      class="secret-form"
      noValidate
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        tried.value = true;
        const wrong = notes.keyId !== null ? 'secret-id' : notes.secret !== null ? 'secret-value' : null;
        if (wrong !== null) return document.getElementById(wrong)?.focus();
        // A secret belongs to a connection that is saved.
        const step = saveAndAsk();
        if (step !== null) void keep(step.saved);
      }}
    >
      <p class="help">{isKey ? t('options_keyHelp') : t('options_secretHelp')}</p>
      {isKey && <SecretField id="secret-id" label={t('options_keyId')} value={keyId} note={shown('keyId')} secret={false} />}
      <SecretField
        id="secret-value"
        label={isKey ? t('options_keySecret') : t('options_clientSecret')}
        value={secret}
        note={shown('secret')}
        secret
      />
      <div class="acts">
        <button type="submit" class="btn" disabled={busy.value}>
          {busy.value ? t('options_saving') : t('options_secretKeep')}
        </button>
        {replaces && (
          <button type="button" class="btn" onClick={onEnd}>
            {t('options_cancel')}
          </button>
        )}
      </div>
    </form>
  );
}
