import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { CATEGORIES, type Category } from '../../../domain/agent-state.ts';
import { LIMITS, RULE_KINDS, type Rule, type RuleKind } from '../../../domain/settings.ts';
import { checkRule } from '../../../domain/settings-check.ts';
import { type MessageKey, t, tCode } from '../../../messages/words.ts';
import { categoryLabel } from '../../parts/category.ts';
import { StateMark } from '../../parts/state-mark.tsx';
import { Chips } from '../bits/chips.tsx';
import { WORDS } from '../bits/rule-vocabulary.ts';
import { Sentence } from '../bits/sentence.tsx';
import { suggestedReasons, tenantLimit } from '../logic/reason-hints.ts';
import { ruleSentence, sameRule } from '../logic/rule-words.ts';
import { knownReasons, readReasons } from '../state/reasons.ts';
import { ReasonDoubts } from './reason-doubts.tsx';

const KINDS: Record<RuleKind, MessageKey> = {
  anyChange: 'rule_kind_anyChange',
  enters: 'rule_kind_enters',
  leaves: 'rule_kind_leaves',
  longerThan: 'rule_kind_longerThan',
  unexpectedLogout: 'rule_kind_unexpectedLogout',
  dataProblem: 'rule_kind_dataProblem',
};
const HELP: Partial<Record<RuleKind, MessageKey>> = {
  anyChange: 'rule_help_anyChange',
  unexpectedLogout: 'rule_help_unexpectedLogout',
  dataProblem: 'rule_help_dataProblem',
};

interface Props {
  /** Null: a new one. */
  rule: Rule | null;
  others: readonly Rule[];
  onDone: (rule: Rule) => void;
  onCancel: () => void;
}

const newRule = (): Rule => ({
  id: crypto.randomUUID(),
  kind: 'longerThan',
  enabled: true,
  categories: [],
  reasons: [],
  minutes: 30,
});

/** One rule, put together from its parts, with the sentence it makes. Nothing is saved before it is right. */
export function RuleEditor({ rule: given, others, onDone, onCancel }: Props) {
  const rule = useSignal<Rule>(given ?? newRule());
  const minutes = useSignal(String(rule.value.minutes || LIMITS.ruleMinutes.min));
  const tried = useSignal(false);
  const first = useRef<HTMLSelectElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  useEffect(() => void readReasons(), []);

  const { kind, categories, reasons } = rule.value;
  const set = (patch: Partial<Rule>) => {
    rule.value = { ...rule.value, ...patch };
  };
  const whole = { ...rule.value, minutes: kind === 'longerThan' ? Number(minutes.value || Number.NaN) : 0 };
  const narrows = kind === 'enters' || kind === 'leaves' || kind === 'longerThan';
  const notes = checkRule(whole);
  const twin = others.some((other) => other.id !== whole.id && sameRule(other, whole));
  const shown = tried.value ? notes : {};
  const help = HELP[kind];
  const suggestions = suggestedReasons(knownReasons.value, reasons);
  const limit = kind === 'longerThan' ? tenantLimit(knownReasons.value, reasons) : null;

  const done = () => {
    tried.value = true;
    if (Object.keys(notes).length === 0 && !twin) onDone(narrows ? whole : { ...whole, categories: [], reasons: [] });
  };
  const toggle = (category: Category, on: boolean) => {
    set({ categories: CATEGORIES.filter((other) => (other === category ? on : categories.includes(other))) });
  };
  return (
    <form
      class="rule-editor"
      noValidate
      aria-label={given === null ? t('rule_new') : t('rule_change')}
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
    >
      <p class="preview">
        <Sentence phrase={ruleSentence(whole, WORDS)} />
      </p>
      <div class="row">
        <label class="row-label" for="rule-kind">
          {t('rule_kind')}
        </label>
        <div class="row-body">
          <select
            id="rule-kind"
            ref={first}
            class="field"
            value={kind}
            onChange={({ currentTarget }) => set({ kind: RULE_KINDS.find((name) => name === currentTarget.value) ?? kind })}
          >
            {RULE_KINDS.map((name) => (
              <option key={name} value={name}>
                {t(KINDS[name])}
              </option>
            ))}
          </select>
          {help && <p class="help">{t(help)}</p>}
        </div>
      </div>
      {narrows && (
        <div class={`row ${shown.categories ? 'wrong' : ''}`}>
          <span class="row-label" id="rule-states">
            {t('rule_states')}
          </span>
          <div class="row-body">
            <fieldset class="checks" aria-labelledby="rule-states" aria-describedby="rule-states-help rule-states-note">
              {CATEGORIES.map((category) => (
                <label key={category} class="check">
                  <input
                    type="checkbox"
                    checked={categories.includes(category)}
                    onChange={({ currentTarget }) => toggle(category, currentTarget.checked)}
                  />
                  <StateMark category={category} />
                  {categoryLabel(category)}
                </label>
              ))}
            </fieldset>
            <p class="help" id="rule-states-help">
              {kind === 'longerThan' ? t('rule_statesHelpLong') : t('rule_statesHelp')}
            </p>
            <p class="note" id="rule-states-note">
              {shown.categories && tCode(shown.categories.key, shown.categories.params)}
            </p>
          </div>
        </div>
      )}
      {narrows && (
        <div class="row">
          <label class="row-label" for="rule-reasons">
            {t('rule_reasons')}
          </label>
          <div class="row-body">
            <Chips
              id="rule-reasons"
              values={reasons}
              onChange={(values) => set({ reasons: values })}
              label={t('rule_reasons')}
              inputLabel={t('rule_reasonAdd')}
              describedBy="rule-reasons-help"
              invalid={shown.reasons !== undefined}
              separators={/[,;\n]+/}
              suggestions={suggestions}
            />
            <p class="help" id="rule-reasons-help">
              {t('rule_reasonsHelp')} {suggestions.length > 0 && t('rule_reasonsHelpList')}
            </p>
            <div role="status">
              <ReasonDoubts reasons={reasons} />
            </div>
            {shown.reasons && <p class="note">{tCode(shown.reasons.key, shown.reasons.params)}</p>}
          </div>
        </div>
      )}
      {kind === 'longerThan' && (
        <div class={`row ${shown.minutes ? 'wrong' : ''}`}>
          <label class="row-label" for="rule-minutes">
            {t('rule_minutes')}
          </label>
          <div class="row-body">
            <span class="with-unit">
              <input
                id="rule-minutes"
                class="field short"
                type="text"
                inputMode="numeric"
                autocomplete="off"
                value={minutes.value}
                aria-invalid={shown.minutes !== undefined}
                aria-describedby="rule-minutes-note"
                onInput={({ currentTarget }) => {
                  minutes.value = currentTarget.value.trim();
                }}
              />
              <span>{t('options_minutes')}</span>
            </span>
            <p class="note" id="rule-minutes-note">
              {shown.minutes && tCode(shown.minutes.key, shown.minutes.params)}
            </p>
            <div role="status">
              {limit && limit.minutes !== whole.minutes && (
                <p class="help">
                  {t('rule_tenantLimit', limit.minutes, limit.reason)}{' '}
                  <button
                    type="button"
                    class="btn quiet take"
                    onClick={() => {
                      minutes.value = String(limit.minutes);
                    }}
                  >
                    {t('rule_useMinutes', limit.minutes)}
                  </button>
                </p>
              )}
            </div>
          </div>
        </div>
      )}
      <div class="acts">
        <button type="submit" class="btn main">
          {given === null ? t('rule_addDone') : t('rule_changeDone')}
        </button>
        <button type="button" class="btn" onClick={onCancel}>
          {t('options_cancel')}
        </button>
        <p class="note" role="status">
          {tried.value && twin && t('field_ruleTwice')}
        </p>
      </div>
    </form>
  );
}
