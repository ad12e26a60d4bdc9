import { computed, effect, signal } from '@preact/signals';
import type { Team } from '../../../domain/desk.ts';
import { send } from '../../../messages/send.ts';
import { glance } from '../../parts/store.ts';
import { agents, filter } from './list.ts';
import { NO_FILTER, teamNames } from './order.ts';

const connection = computed(() => glance.value?.connection ?? null);
const connectionId = computed(() => connection.value?.id ?? '');

/** Teams the tenant has named, and of which connection. */
const told = signal<{ of: string; teams: readonly Team[] }>({ of: '', teams: [] });

/** By name, in the order of the alphabet. */
export const teams = computed(() => teamNames(agents.value ?? [], told.value.of === connectionId.value ? told.value.teams : []));

let filterOf = '';
// A team of one tenant is nobody's of another: the filter would show an empty list.
effect(() => {
  const of = connectionId.value;
  if (of === '' || of === filterOf) return;
  if (filterOf !== '') filter.value = { ...filter.peek(), team: NO_FILTER.team };
  filterOf = of;
});

async function read(of: string): Promise<void> {
  const { teams: names } = await send('desk', {}).catch(() => ({ teams: [] }));
  if (of === connectionId.peek()) told.value = { of, teams: names };
}

/** The worker asks for them after a first list of agents: until it has, it is asked at each new list. Returns how to stop. */
export function followTeams(): () => void {
  return effect(() => {
    const { id, profile } = connection.value ?? { id: '', profile: 'v2' };
    const some = (agents.value?.length ?? 0) > 0;
    const { of, teams: known } = told.peek();
    if (profile === 'public' && some && (of !== id || known.length === 0)) void read(id);
  });
}
