import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { AuditEntry } from '../../../../domain/skills/audit.ts';
import { t } from '../../../../messages/words.ts';
import { formatCount } from '../../../parts/count.ts';
import { batchView, glance } from '../../../parts/store.ts';
import { FindField } from '../../parts/find-field.tsx';
import { route } from '../../route.ts';
import { agentName, skillName, useNames } from '../batch/names.ts';
import { batches, useBatches } from '../batch/state.ts';
import { formatAt, heldText } from '../batch/words.ts';
import { showTab } from '../go.ts';
import { zone } from '../input/zones.ts';
import { pagedList } from '../listing/paged.ts';
import { type Column, VirtualTable } from '../listing/virtual-table.tsx';
import './audit.css';
import { ChainCard } from './chain-card.tsx';
import { EntryDetails } from './entry-details.tsx';
import { auditOf, checked } from './state.ts';
import { actionLabel, afterText, resultLabel } from './words.ts';

/** A word is asked for once it is written: the worker looks through the whole log for it. */
const TYPING_MS = 300;
/** How soon a growing log is read again. */
const EVERY_MS = 2000;

const cut = (text: string, look = '') => (
  <span class={`line ${look}`} title={text}>
    <bdi>{text}</bdi>
  </span>
);

const seconds = (at: string) => at.slice(17, 19);

const COLUMNS = (): Column<AuditEntry>[] => [
  {
    id: 'time',
    label: t('skills_audit_column_time'),
    cell: ({ at, seq }) => (
      <>
        {cut(at && `${formatAt(at)}:${seconds(at)}`)}
        {cut(t('skills_audit_seq', seq), 'mut sm')}
      </>
    ),
  },
  { id: 'who', label: t('skills_audit_column_who'), cell: ({ actor }) => cut(actor) },
  {
    id: 'agent',
    label: t('skills_batch_column_agent'),
    cell: ({ userId, skillId }) => (
      <>
        {cut(agentName(userId), 'strong')}
        {cut(skillName(skillId), 'mut sm under')}
      </>
    ),
  },
  { id: 'skill', label: t('skills_batch_column_skill'), cell: ({ skillId }) => cut(skillName(skillId)) },
  {
    id: 'action',
    label: t('skills_audit_column_action'),
    cell: (entry) => (
      <>
        {cut(actionLabel(entry.action))}
        {cut(resultLabel(entry), 'mut sm under')}
      </>
    ),
  },
  {
    id: 'change',
    label: t('skills_audit_column_change'),
    cell: (entry) =>
      entry.row < 0 ? null : (
        <>
          {cut(heldText(entry.before), 'mut sm')}
          {cut(`→ ${afterText(entry)}`, 'sm')}
        </>
      ),
  },
  { id: 'result', label: t('skills_audit_column_result'), cell: (entry) => <span class="two">{resultLabel(entry)}</span> },
  { id: 'status', label: t('skills_audit_column_status'), cell: ({ status }) => (status > 0 ? status : '') },
  { id: 'request', label: t('skills_batch_requestId'), cell: ({ requestId }) => cut(requestId, 'mono') },
];

interface FilterProps {
  contains: string;
  type: (contains: string) => void;
  batchId: string;
  count: number | null;
}

function FilterBar({ contains, type, batchId, count }: FilterProps) {
  useBatches();
  const known = batches.value ?? [];
  return (
    <div class="filters">
      <FindField label="skills_audit_filter" placeholder="skills_audit_filterShort" value={contains} onFind={type} />
      <select
        class="field"
        aria-label={t('skills_audit_ofBatch')}
        value={batchId}
        onChange={(event) => showTab('audit', event.currentTarget.value || undefined)}
      >
        <option value="">{t('skills_audit_allBatches')}</option>
        {known.map(({ id, name, createdMs }) => (
          <option key={id} value={id}>
            {`${name || t('skills_batch_unnamed')} · ${formatAt(createdMs)}`}
          </option>
        ))}
        {batchId !== '' && !known.some(({ id }) => id === batchId) && (
          <option value={batchId}>{t('skills_audit_otherBatch')}</option>
        )}
      </select>
      <p class="mut" role="status">
        {count !== null && (count === 1 ? t('skills_audit_count_one', count) : t('skills_audit_count', formatCount(count)))}
      </p>
    </div>
  );
}

/** The record of every attempt and every outcome, the newest first; and whether it is whole. */
export function AuditLog() {
  useNames();
  const typed = useSignal('');
  const contains = useSignal('');
  const opened = useSignal<AuditEntry | null>(null);
  const batchId = route.value.batch ?? '';
  const connectionId = glance.value?.connection?.id;
  useEffect(() => {
    const timer = setTimeout(() => {
      contains.value = typed.value.trim();
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed.value]);
  // What was found is of the log it was found in.
  useEffect(() => {
    checked.value = null;
  }, [connectionId]);
  const list = useMemo(() => pagedList(auditOf(contains.value, batchId), EVERY_MS), [contains.value, batchId, connectionId]);
  useEffect(() => {
    opened.value = null;
    return () => list.stop();
  }, [list]);
  const begunWith = useRef<typeof list | null>(null);
  useEffect(() => {
    if (begunWith.current === list) list.refresh();
    else list.look(0, 1);
    begunWith.current = list;
  }, [list, batchView.value]);
  const columns = useMemo(COLUMNS, []);
  const narrowed = contains.value !== '' || batchId !== '';
  return (
    <div class="audit">
      <ChainCard />
      <section class="card audit-card" aria-labelledby="audit-entries">
        <div class="card-head">
          <h2 id="audit-entries">{t('skills_audit_list')}</h2>
          <p class="mut sm">{t('history_zone', zone.value)}</p>
        </div>
        <FilterBar
          contains={typed.value}
          type={(text) => {
            typed.value = text;
          }}
          batchId={batchId}
          count={list.total.value}
        />
        {list.error.value !== '' && (
          <p class="sm rows-note bad" role="alert">
            {list.error.value}{' '}
            <button type="button" class="btn quiet" onClick={() => list.refresh()}>
              {t('fix_retry')}
            </button>
          </p>
        )}
        {list.total.value === 0 ? (
          <p class="mut rows-note">{t(narrowed ? 'skills_audit_noMatch' : 'skills_audit_none')}</p>
        ) : (
          <VirtualTable
            list={list}
            columns={columns}
            caption={t('skills_audit_caption')}
            class="audit-entries"
            open={(entry) => {
              opened.value = opened.peek()?.seq === entry.seq ? null : entry;
            }}
            isCurrent={({ seq }) => seq === opened.value?.seq}
          />
        )}
        {opened.value && (
          <EntryDetails
            entry={opened.value}
            close={() => {
              opened.value = null;
            }}
          />
        )}
      </section>
    </div>
  );
}
