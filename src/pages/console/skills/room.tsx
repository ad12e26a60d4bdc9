import { t } from '../../../messages/words.ts';
import { later } from '../../parts/later.tsx';
import { access } from './access.ts';
import { SkillsNotes, SkillsOff } from './gate.tsx';
import { currentTab, showTab } from './go.ts';
import { New } from './input/new.tsx';
import './skills.css';
import { SkillTabs, useBatchId } from './tabs.tsx';

// One tab is open at a time: the others come when they are.
const Batch = later(() => import('./batch/batch-page.tsx').then(({ BatchPage }) => BatchPage));
const Past = later(() => import('./past/past-batches.tsx').then(({ PastBatches }) => PastBatches));
const Audit = later(() => import('./audit/audit-log.tsx').then(({ AuditLog }) => AuditLog));

/** An address that leads to a batch there is none of. */
function NoBatch() {
  return (
    <section class="card step" aria-labelledby="no-batch">
      <h2 id="no-batch">{t('skills_noBatch')}</h2>
      <p class="mut">{t('skills_noBatchText')}</p>
      <button type="button" class="btn main" onClick={() => showTab('new')}>
        {t('skills_tab_new')}
      </button>
    </section>
  );
}

function Shown() {
  const batchId = useBatchId();
  switch (currentTab()) {
    case 'batch':
      return batchId === '' ? <NoBatch /> : <Batch key={batchId} batchId={batchId} />;
    case 'past':
      return <Past />;
    case 'audit':
      return <Audit />;
    default:
      return access.value?.on ? <New /> : <SkillsOff />;
  }
}

/** Console › Skills: who may take what, changed for one or for thousands, checked before and proved afterwards. */
export function Skills() {
  return (
    <div class="skills">
      <SkillTabs />
      <SkillsNotes />
      <Shown />
    </div>
  );
}
