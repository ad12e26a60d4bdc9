import { useComputed } from '@preact/signals';
import { type MessageKey, t } from '../../../messages/words.ts';
import { batchView } from '../../parts/store.ts';
import { routeHash } from '../../parts/where.ts';
import { route } from '../route.ts';
import { connectionId } from './access.ts';
import { currentTab, ROOM, TABS, type Tab } from './go.ts';

const LABELS: Record<Tab, MessageKey> = {
  new: 'skills_tab_new',
  batch: 'skills_tab_batch',
  past: 'skills_tab_past',
  audit: 'skills_tab_audit',
};

/** The batch that the tab leads to: the one chosen, else the one under way or last looked at since the browser started; '' = none. */
export function useBatchId(): string {
  const underWay = useComputed(() => {
    const batch = batchView.value?.batch;
    return batch && batch.target.connectionId === connectionId.value ? batch.id : '';
  });
  return route.value.batch ?? underWay.value;
}

/** What there is in the room, as links: each has its address. */
export function SkillTabs() {
  const current = currentTab();
  const batchId = useBatchId();
  const shown = TABS.filter((tab) => tab !== 'batch' || batchId !== '' || current === 'batch');
  return (
    <nav class="skill-tabs" aria-label={t('skills_tabs')}>
      {shown.map((tab) => (
        <a
          key={tab}
          href={routeHash({ room: ROOM, tab, ...(tab === 'batch' && batchId && { batch: batchId }) })}
          aria-current={tab === current ? 'page' : undefined}
        >
          {t(LABELS[tab])}
        </a>
      ))}
    </nav>
  );
}
