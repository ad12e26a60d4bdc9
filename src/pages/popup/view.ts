import { signal } from '@preact/signals';
import { ORDERS, type Order } from './arrange.ts';

/** What the popup shows between header and footer. */
export const view = signal<'agents' | 'alerts'>('agents');
export const query = signal('');
/** The one row that is open. */
export const opened = signal<string | null>(null);

/** Back to where the popup begins: what was looked for and opened was in another connection. */
export function showAgents(): void {
  view.value = 'agents';
  query.value = '';
  opened.value = null;
}

const ORDER_KEY = 'popup.order';

function storedOrder(): Order {
  const stored = localStorage.getItem(ORDER_KEY);
  return ORDERS.find((order) => order === stored) ?? 'attention';
}

export const order = signal<Order>(storedOrder());

export function chooseOrder(value: string): void {
  const chosen = ORDERS.find((known) => known === value);
  if (!chosen) return;
  order.value = chosen;
  localStorage.setItem(ORDER_KEY, chosen);
}
