/** What stands in the columns of a batch's rows: one set for looking, one for deciding. */
import type { SkillTraits } from '../../../../domain/skills/assignment.ts';
import type { Batch, BatchRow } from '../../../../domain/skills/batch.ts';
import { t } from '../../../../messages/words.ts';
import type { Column } from '../listing/virtual-table.tsx';
import { ActButton } from './act-button.tsx';
import { decide, suggestible, takeSuggestion } from './actions.ts';
import { DiffWord, HeldMark, StateWord } from './marks.tsx';
import { agentName, skillName } from './names.ts';
import { basisText, sameWindow, whyText, windowText } from './words.ts';

type Cell = (row: BatchRow, tabStop: boolean) => preact.ComponentChildren;

const line: Cell = ({ line: at, index }) => <span class="mut">{at > 0 ? at : index + 1}</span>;

/** Where the screen is narrow, the skill stands beneath its agent. */
const agent: Cell = ({ userId, skillId }) => (
  <>
    <span class="line strong" title={userId}>
      <bdi>{agentName(userId)}</bdi>
    </span>
    <span class="line mut sm under">
      <bdi>{skillName(skillId)}</bdi>
    </span>
  </>
);
const skill: Cell = ({ skillId }) => (
  <span class="two" title={skillId}>
    <bdi>{skillName(skillId)}</bdi>
  </span>
);

function Window({ row: { before, wish } }: { row: BatchRow }) {
  const wanted = wish ? windowText(wish) : '';
  if (!wanted) return null;
  const was = before && wish && !sameWindow(before, wish) ? windowText(before) : '';
  return (
    <span class="line mut sm" title={was ? t('skills_batch_wasWindow', was) : wanted}>
      {wanted}
      {was && <span class="unseen"> {t('skills_batch_wasWindow', was)}</span>}
    </span>
  );
}

const change =
  (traits: SkillTraits): Cell =>
  (row) => {
    const known = row.diff !== 'unchecked' && row.diff !== 'refused';
    return (
      <>
        <span class="line change">
          {known && (
            <>
              <HeldMark held={row.before} traits={traits} />
              <span class="mut" aria-hidden="true">
                {' → '}
              </span>
              <span class="unseen"> {t('skills_batch_becomes')} </span>
            </>
          )}
          <HeldMark held={row.wish} traits={traits} />
        </span>
        <Window row={row} />
      </>
    );
  };

const held =
  (traits: SkillTraits, of: (row: BatchRow) => BatchRow['wish']): Cell =>
  (row) => {
    const value = of(row);
    return (
      <>
        <span class="line">
          <HeldMark held={value} traits={traits} />
        </span>
        {value && <span class="line mut sm">{windowText(value)}</span>}
      </>
    );
  };

/** Only of a conflict do we know what the tenant has instead. */
const theirs =
  (traits: SkillTraits): Cell =>
  (row, tabStop) =>
    row.state === 'conflict' ? (
      held(traits, (of) => of.theirs)(row, tabStop)
    ) : (
      <span class="mut">{t('skills_batch_notRead')}</span>
    );

const suggested =
  (batch: Batch, traits: SkillTraits): Cell =>
  (row, tabStop) => {
    const { suggestion, wish } = row;
    if (!suggestion || !wish) return null;
    const basis = basisText(suggestion);
    return (
      <>
        <span class="line suggestion">
          <HeldMark held={{ ...wish, level: suggestion.level }} traits={traits} />
          {suggestible(row) ? (
            <ActButton
              look="quiet"
              label={t('skills_batch_take', suggestion.level)}
              name={t('skills_batch_takeFor', suggestion.level, agentName(row.userId))}
              tabStop={tabStop}
              run={() => takeSuggestion(batch, row)}
            />
          ) : (
            <span class="mut sm">{t('skills_batch_suggestedSame')}</span>
          )}
        </span>
        <span class="line mut sm" title={basis}>
          {basis}
        </span>
      </>
    );
  };

const what =
  (showsDiff: boolean): Cell =>
  (row) => {
    const why = whyText(row);
    return (
      <>
        {showsDiff ? <DiffWord diff={row.diff} /> : <StateWord state={row.state} />}
        <span class="line mut sm under">{why}</span>
      </>
    );
  };
const why: Cell = (row) => {
  const text = whyText(row);
  return (
    <span class="two" title={text}>
      {text}
    </span>
  );
};

const choose =
  (batch: Batch): Cell =>
  (row, tabStop) => (
    <span class="row-acts">
      {batch.status !== 'cancelled' && (
        <ActButton
          label={t('skills_batch_ours')}
          name={t('skills_batch_oursFor', agentName(row.userId))}
          tabStop={tabStop}
          run={() => decide(batch, [row.index], 'ours')}
        />
      )}
      <ActButton
        label={t('skills_batch_theirs')}
        name={t('skills_batch_theirsFor', agentName(row.userId))}
        tabStop={tabStop}
        run={() => decide(batch, [row.index], 'theirs')}
      />
    </span>
  );

/** Today, wanted, and what became of it; with suggested levels where there are any. */
export function lookColumns(batch: Batch, traits: SkillTraits, withSuggestions: boolean): Column<BatchRow>[] {
  const started = batch.confirmed;
  const columns: (Column<BatchRow> | false)[] = [
    { id: 'line', label: t('skills_batch_column_line'), cell: line },
    { id: 'agent', label: t('skills_batch_column_agent'), cell: agent },
    { id: 'skill', label: t('skills_batch_column_skill'), cell: skill },
    { id: 'change', label: t('skills_batch_column_change'), cell: change(traits) },
    withSuggestions && { id: 'suggested', label: t('skills_batch_column_suggested'), cell: suggested(batch, traits) },
    { id: 'state', label: t(started ? 'skills_batch_column_state' : 'skills_batch_column_diff'), cell: what(!started) },
    { id: 'why', label: t('skills_batch_column_why'), cell: why },
  ];
  return columns.filter((column) => column !== false);
}

/** Before, theirs and ours side by side, and the two ways to end it. */
export function decideColumns(batch: Batch, traits: SkillTraits): Column<BatchRow>[] {
  return [
    { id: 'line', label: t('skills_batch_column_line'), cell: line },
    { id: 'agent', label: t('skills_batch_column_agent'), cell: agent },
    { id: 'skill', label: t('skills_batch_column_skill'), cell: skill },
    { id: 'before', label: t('skills_batch_column_before'), cell: held(traits, ({ before }) => before) },
    { id: 'theirs', label: t('skills_batch_column_theirs'), cell: theirs(traits) },
    { id: 'ours', label: t('skills_batch_column_ours'), cell: held(traits, ({ wish }) => wish) },
    { id: 'why', label: t('skills_batch_column_why'), cell: why },
    { id: 'acts', label: t('skills_batch_column_decide'), cell: choose(batch) },
  ];
}
