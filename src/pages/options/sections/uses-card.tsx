import { SCOPE_VOCABULARIES, type Switchable, scopesOf } from '../../../domain/connection.ts';
import { type MessageKey, t } from '../../../messages/words.ts';
import { auth } from '../../parts/store.ts';
import { SwitchRow } from '../bits/controls.tsx';
import { adding, connectionId, dirty, saved } from '../state/connection-form.ts';
import { writes } from '../state/connections.ts';
import { switching, use } from '../state/uses.ts';
import { Codes } from './scopes-row.tsx';
import { Card } from './section.tsx';

const USES: readonly { capability: Switchable; label: MessageKey; help: MessageKey; rights: MessageKey }[] = [
  {
    capability: 'history',
    label: 'skills_settings_useHistory',
    help: 'skills_settings_useHistoryHelp',
    rights: 'skills_settings_rightsHistory',
  },
  {
    capability: 'skills',
    label: 'skills_settings_useSkills',
    help: 'skills_settings_useSkillsHelp',
    rights: 'skills_settings_rightsSkills',
  },
];

/** Watching is what every connection is for; the rest is asked for only by those who want it. */
export function UsesCard() {
  if (connectionId.value === null || adding.value) return null;
  return (
    <Card title={t('skills_settings_uses')}>
      <p class="help">{t('skills_settings_usesHelp')}</p>
      {USES.map((each) => (
        <Use key={each.capability} {...each} />
      ))}
      <p class="help" role="status">
        {dirty.value ? t('skills_settings_saveFirst') : auth.value?.phase === 'signingIn' && t('skills_settings_consent')}
      </p>
    </Card>
  );
}

function Use({ capability, label, help, rights }: (typeof USES)[number]) {
  const on = saved.value.capabilities.includes(capability);
  const forbidden = capability === 'skills' && !writes.value.enabled;
  const waiting = switching.value !== null || auth.value?.phase === 'signingIn';
  return (
    <SwitchRow
      id={`use-${capability}`}
      label={t(label)}
      help={
        <>
          {capability === 'skills' && <strong>{t('skills_settings_useSkillsWrites')} </strong>}
          {t(help)} <Rights capability={capability} words={t(rights)} />
          {forbidden && ` ${t('skills_settings_writesOff')}`}
        </>
      }
      checked={on}
      policyKey="capabilities"
      // Off is always possible: what is planned waits then.
      disabled={dirty.value || waiting || (forbidden && !on)}
      onChange={(wanted) => void use(capability, wanted)}
    />
  );
}

/** The scopes that are asked for when it is switched on; in the public API the rights a role needs. */
function Rights({ capability, words }: { capability: Switchable; words: string }) {
  const { profile } = saved.value;
  if (profile === 'public') return words;
  const own = scopesOf(saved.value, capability);
  return (
    <>
      {t('skills_settings_scopes')} <Codes values={own.length > 0 ? own : SCOPE_VOCABULARIES.view[capability]} />
    </>
  );
}
