/** What the worker tells about the connections there are, and about what the organisation allows. */
import { computed, signal } from '@preact/signals';
import type { Refused } from '../../../domain/config-file.ts';
import type { GrantType } from '../../../domain/connection.ts';
import { LIMITS } from '../../../domain/settings.ts';
import { settings } from './autosave.ts';
import { adding, saved } from './connection-form.ts';

export interface Named {
  id: string;
  name: string;
}

export const connections = signal<readonly Named[]>([]);
/** Null: the organisation says nothing. */
export const allowedGrants = signal<readonly GrantType[] | null>(null);
export const refusedPolicy = signal<readonly Refused[]>([]);
/** The secret of the connection shown is kept in the worker's vault; it never comes back here. */
export const secretKept = signal(false);
export const tenantFixed = signal(false);

/** What the organisation allows to be written into CXone. */
export const writes = signal({ enabled: true, maxRows: 0 });

/** Whoever does not use skills, and sends nothing on, need not read of them. */
export const skillsShown = computed(() => {
  const { auditUrl, wfmUrl } = settings.value;
  return saved.value.capabilities.includes('skills') || auditUrl !== '' || wfmUrl !== '';
});

export const several = computed(() => connections.value.length > 1);
export const canAdd = computed(
  () => connections.value.length > 0 && !tenantFixed.value && !adding.value && connections.value.length < LIMITS.connections,
);
