import { computed, effect, signal } from '@preact/signals';
import type { AgentRow } from '../../../messages/contract.ts';
import { send } from '../../../messages/send.ts';
import { keepRows } from '../../parts/keep.ts';
import { glance, heartbeat } from '../../parts/store.ts';
import { type Filter, filterAgents, NO_FILTER, type Sorting, sortAgents } from './order.ts';

/** The contract's most for one answer; tenants have up to 10,000 agents. */
const WHOLE = 20_000;

/** Every agent of the tenant; null until the first answer. */
export const agents = signal<AgentRow[] | null>(null);
/** Why the list could not be read; empty when it could. */
export const listError = signal('');

export const filter = signal<Filter>(NO_FILTER);
export const sorting = signal<Sorting>({ column: 'state', descending: false });

const sorted = computed(() => sortAgents(agents.value ?? [], sorting.value));
export const shown = computed(() => filterAgents(sorted.value, filter.value));

let reading = false;
let again = false;

/** Reads the whole list from the worker; a wish that comes while reading is served once, afterwards. */
export async function readList(): Promise<void> {
  again = true;
  if (reading) return;
  reading = true;
  while (again) {
    again = false;
    try {
      const reply = await send('search', { query: '', offset: 0, limit: WHOLE });
      agents.value = keepRows(agents.peek() ?? [], reply.agents);
      listError.value = '';
    } catch (error) {
      listError.value = error instanceof Error ? error.message : String(error);
    }
  }
  reading = false;
}

/** Keeps the list as fresh as what the worker publishes, while the page can be seen. Returns how to stop. */
export function followList(): () => void {
  const read = () => {
    if (document.visibilityState === 'visible') void readList();
  };
  const stop = effect(() => {
    // Both are read to be followed: the pulse tells of new states, the glance of who is watched.
    void heartbeat.value?.okMs;
    void glance.value;
    read();
  });
  document.addEventListener('visibilitychange', read);
  return () => {
    stop();
    document.removeEventListener('visibilitychange', read);
  };
}
