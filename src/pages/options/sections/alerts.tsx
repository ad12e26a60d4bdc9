import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { LIMITS, type Rule } from '../../../domain/settings.ts';
import { t } from '../../../messages/words.ts';
import { say } from '../../parts/notice.tsx';
import { NumberRow, SwitchRow } from '../bits/controls.tsx';
import { WORDS } from '../bits/rule-vocabulary.ts';
import { Sentence } from '../bits/sentence.tsx';
import { ruleSentence } from '../logic/rule-words.ts';
import { changeSettings, settings } from '../state/autosave.ts';
import { connectionId } from '../state/connection-form.ts';
import { readReasons } from '../state/reasons.ts';
import { QuietHoursCard } from './quiet-hours.tsx';
import { ReasonDoubts } from './reason-doubts.tsx';
import { RuleEditor } from './rule-editor.tsx';
import { Card, Section } from './section.tsx';

export function AlertsSection() {
  return (
    <Section id="alerts" ofConnection title={t('options_alerts')} intro={t('options_alertsIntro')}>
      <RulesCard />
      <QuietHoursCard />
      <HowCard />
    </Section>
  );
}

function setRules(rules: Rule[]): void {
  changeSettings({ rules });
}

function RulesCard() {
  /** The rule that is open for change; '' = a new one. */
  const open = useSignal<string | null>(null);
  const { rules } = settings.value;
  useEffect(() => void readReasons(), [connectionId.value]);
  const close = () => {
    const id = open.peek();
    open.value = null;
    // Focus goes back to where it came from, not to the top of the page.
    queueMicrotask(() => requestAnimationFrame(() => document.getElementById(id ? `edit-${id}` : 'add-rule')?.focus()));
  };
  const remove = (rule: Rule) => {
    setRules(rules.filter((other) => other.id !== rule.id));
    say(t('rule_removed'), () => {
      const now = settings.peek().rules;
      const at = Math.min(rules.indexOf(rule), now.length);
      setRules([...now.slice(0, at), rule, ...now.slice(at)]);
    });
  };
  const put = (rule: Rule) => {
    const known = rules.some((other) => other.id === rule.id);
    setRules(known ? rules.map((other) => (other.id === rule.id ? rule : other)) : [...rules, rule]);
    close();
  };
  return (
    <Card title={t('rule_title')}>
      {rules.length === 0 && <p class="help">{t('rule_none')}</p>}
      <ul class="plain rules">
        {rules.map((rule) =>
          open.value === rule.id ? (
            <li key={rule.id}>
              <RuleEditor rule={rule} others={rules} onDone={put} onCancel={close} />
            </li>
          ) : (
            <RuleRow
              key={rule.id}
              rule={rule}
              onEdit={() => {
                open.value = rule.id;
              }}
              onRemove={() => remove(rule)}
              onSwitch={(enabled) => setRules(rules.map((other) => (other.id === rule.id ? { ...rule, enabled } : other)))}
            />
          ),
        )}
        {open.value === '' && (
          <li>
            <RuleEditor rule={null} others={rules} onDone={put} onCancel={close} />
          </li>
        )}
      </ul>
      {open.value !== '' && (
        <div class="acts">
          <button
            type="button"
            id="add-rule"
            class="btn"
            disabled={rules.length >= LIMITS.rules}
            onClick={() => {
              open.value = '';
            }}
          >
            {t('rule_add')}
          </button>
          {rules.length >= LIMITS.rules && <p class="help">{t('field_tooMany', LIMITS.rules)}</p>}
        </div>
      )}
    </Card>
  );
}

interface RowProps {
  rule: Rule;
  onEdit: () => void;
  onRemove: () => void;
  onSwitch: (on: boolean) => void;
}

function RuleRow({ rule, onEdit, onRemove, onSwitch }: RowProps) {
  const says = `says-${rule.id}`;
  const phrase = ruleSentence(rule, WORDS);
  const editable = phrase.params.length > 0;
  return (
    <li class={`rule ${rule.enabled ? '' : 'off'}`}>
      <input
        id={`on-${rule.id}`}
        type="checkbox"
        class="switch"
        checked={rule.enabled}
        aria-labelledby={says}
        onChange={({ currentTarget }) => onSwitch(currentTarget.checked)}
      />
      <div class="rule-words">
        <p id={says}>
          <Sentence phrase={phrase} />
        </p>
        {rule.kind === 'unexpectedLogout' && <p class="help">{t('rule_help_unexpectedLogout')}</p>}
        {rule.kind === 'dataProblem' && <p class="help">{t('rule_help_dataProblem')}</p>}
        {rule.kind === 'anyChange' && <p class="help">{t('rule_help_anyChange')}</p>}
        {rule.enabled && <ReasonDoubts reasons={rule.reasons} />}
      </div>
      <span class="rule-acts">
        {editable && (
          <button type="button" id={`edit-${rule.id}`} class="btn quiet" aria-describedby={says} onClick={onEdit}>
            {t('options_edit')}
          </button>
        )}
        <button type="button" class="btn quiet" aria-describedby={says} onClick={onRemove}>
          {t('options_remove')}
        </button>
      </span>
    </li>
  );
}

function HowCard() {
  const { stayUntilDismissed, pollSeconds } = settings.value;
  return (
    <Card title={t('options_how')}>
      <SwitchRow
        id="stay"
        label={t('options_stay')}
        help={t('options_stayHelp')}
        checked={stayUntilDismissed}
        onChange={(on) => changeSettings({ stayUntilDismissed: on })}
      />
      <NumberRow
        id="poll-seconds"
        label={t('options_poll')}
        unit={t('options_seconds')}
        help={t('options_pollHelp', LIMITS.pollSeconds.min, LIMITS.pollSeconds.max)}
        value={pollSeconds}
        limits={LIMITS.pollSeconds}
        policyKey="pollSeconds"
        onChange={(value) => changeSettings({ pollSeconds: value })}
      />
    </Card>
  );
}
