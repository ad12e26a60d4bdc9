import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type MessageKey, t } from '../../messages/words.ts';
import { attentionKey } from '../parts/attention.ts';
import { categoryLabel } from '../parts/category.ts';
import { now } from '../parts/clock.ts';
import { useRoving } from '../parts/roving.ts';
import { glance } from '../parts/store.ts';
import { AgentItem } from './agent-row.tsx';
import { arrange, firstRows, type Group, type GroupTitle, ORDERS, type Order } from './arrange.ts';
import { chooseOrder, opened, order } from './view.ts';

/** A screenful: eight fit. The rest follows when this has been painted. */
const FIRST_ROWS = 10;

const ORDER_LABELS: Record<Order, MessageKey> = {
  attention: 'popup_order_attention',
  state: 'popup_order_state',
  name: 'popup_order_name',
  time: 'popup_order_time',
  team: 'popup_order_team',
};

function titleText(title: GroupTitle): string {
  if (title.kind === 'category') return categoryLabel(title.category);
  if (title.kind === 'team') return title.team;
  return t(({ attention: 'popup_attention', watching: 'popup_watching', noTeam: 'popup_noTeam' } as const)[title.kind]);
}

function OrderSelect() {
  return (
    <select
      class="order"
      aria-label={t('popup_order')}
      value={order.value}
      onChange={(event) => chooseOrder(event.currentTarget.value)}
    >
      {ORDERS.map((each) => (
        <option key={each} value={each}>
          {t(ORDER_LABELS[each])}
        </option>
      ))}
    </select>
  );
}

function GroupSection({ group, count, attention, select }: { group: Group; count: number; attention: boolean; select: boolean }) {
  const id = `group-${group.id}`;
  return (
    <section aria-labelledby={id}>
      <div class="group">
        <h2 id={id} class="cut">
          <bdi>{titleText(group.title)}</bdi>
        </h2>
        <span class="sm mut">{count}</span>
        {select && <OrderSelect />}
      </div>
      {/* biome-ignore lint/a11y/noRedundantRoles: without bullets Safari and its kin no longer call it a list */}
      <ul class="plain" role="list">
        {group.rows.map((row) => (
          <AgentItem key={row.agentId} row={row} attention={attention} open={opened.value === row.agentId} />
        ))}
      </ul>
    </section>
  );
}

export function AgentList() {
  const place = useRef<HTMLDivElement>(null);
  const all = useSignal(false);
  useRoving(place);
  const attention = useComputed(() => attentionKey(glance.value?.rows ?? [], now.value));
  const groups = useComputed(() => {
    const urgent = new Set(attention.value.split('\n'));
    return arrange(glance.value?.rows ?? [], order.value, urgent, now.peek());
  });
  useEffect(() => {
    // After the first paint, not before it.
    const frame = requestAnimationFrame(() =>
      setTimeout(() => {
        all.value = true;
      }),
    );
    return () => cancelAnimationFrame(frame);
  }, []);

  const shown = all.value ? groups.value : firstRows(groups.value, FIRST_ROWS);
  const counts = new Map(groups.value.map((group) => [group.id, group.rows.length]));
  const selectAt = groups.value.findIndex((group) => group.id !== 'attention');
  return (
    <div class="groups" ref={place}>
      {shown.map((group, index) => (
        <GroupSection
          key={group.id}
          group={group}
          count={counts.get(group.id) ?? group.rows.length}
          attention={group.id === 'attention'}
          select={index === selectAt}
        />
      ))}
    </div>
  );
}
