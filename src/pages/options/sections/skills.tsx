import { useEffect } from 'preact/hooks';
import { DEFAULT_SETTINGS, LIMITS } from '../../../domain/settings.ts';
import { SKILL_TRAITS } from '../../../domain/skills/assignment.ts';
import { t } from '../../../messages/words.ts';
import { Callout } from '../bits/callout.tsx';
import { NumberRow } from '../bits/controls.tsx';
import { isUpsideDown, isUsual, THRESHOLDS } from '../logic/level-rule.ts';
import { changeSettings, settings } from '../state/autosave.ts';
import { saved } from '../state/connection-form.ts';
import { skillsShown, writes } from '../state/connections.ts';
import { followEndpoints } from '../state/endpoints.ts';
import { EndpointRow } from './endpoint-row.tsx';
import { Card, Section } from './section.tsx';

/** For those who use skills: how batches run, what a level is suggested from, and where records go. */
export function SkillsSection() {
  return skillsShown.value ? <Cards /> : null;
}

function Cards() {
  useEffect(followEndpoints, []);
  const { suggestions } = SKILL_TRAITS[saved.value.profile];
  return (
    <Section id="skills" ofConnection title={t('skills_settings_title')} intro={t('skills_settings_intro')}>
      {!writes.value.enabled && <Callout tone="calm" title={t('skills_settings_writesOff')} />}
      <BatchCard />
      {suggestions && <LevelCard />}
      <SendingCard />
    </Section>
  );
}

function BatchCard() {
  return (
    <Card title={t('skills_settings_batches')}>
      <NumberRow
        id="batch-concurrency"
        label={t('skills_settings_concurrency')}
        unit={t('skills_settings_users')}
        help={t('skills_settings_concurrencyHelp', writes.value.maxRows)}
        value={settings.value.batchConcurrency}
        limits={LIMITS.batchConcurrency}
        onChange={(batchConcurrency) => changeSettings({ batchConcurrency })}
      />
    </Card>
  );
}

const PERCENT = { min: 0, max: 100 };
const LEVELS = SKILL_TRAITS.v2.levels;

function LevelCard() {
  const { levelRule } = settings.value;
  return (
    <Card title={t('skills_settings_level')}>
      <p class="help">{t('skills_settings_levelHelp')}</p>
      {THRESHOLDS.map(({ id, label, get, set }) => (
        <NumberRow
          key={id}
          id={`level-${id}`}
          label={t(label)}
          unit="%"
          value={get(levelRule)}
          limits={PERCENT}
          onChange={(value) => changeSettings({ levelRule: set(settings.peek().levelRule, value) })}
        />
      ))}
      <NumberRow
        id="level-none"
        label={t('skills_settings_none')}
        unit=""
        help={t('skills_settings_noneHelp')}
        value={levelRule.none}
        limits={LEVELS}
        onChange={(none) => changeSettings({ levelRule: { ...settings.peek().levelRule, none } })}
      />
      <div role="status">{isUpsideDown(levelRule) && <p class="note bad">{t('skills_settings_upsideDown')}</p>}</div>
      {!isUsual(levelRule) && (
        <div class="acts">
          <button type="button" class="btn" onClick={() => changeSettings({ levelRule: DEFAULT_SETTINGS.levelRule })}>
            {t('skills_settings_usual')}
          </button>
        </div>
      )}
    </Card>
  );
}

function SendingCard() {
  return (
    <Card title={t('skills_settings_sending')}>
      <p class="help">{t('skills_settings_sendingHelp')}</p>
      <EndpointRow field="auditUrl" label={t('skills_settings_auditUrl')} help={t('skills_settings_auditUrlHelp')} />
      <EndpointRow field="wfmUrl" label={t('skills_settings_wfmUrl')} help={t('skills_settings_wfmUrlHelp')} />
    </Card>
  );
}
