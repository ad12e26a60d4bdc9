/** What the room may do with the connection shown, and what its API can. */
import { computed } from '@preact/signals';
import { SKILL_TRAITS } from '../../../domain/skills/assignment.ts';
import { auth, glance } from '../../parts/store.ts';

const connection = computed(() => glance.value?.connection ?? null);

export const connectionId = computed(() => connection.value?.id ?? '');
export const access = computed(() => connection.value?.skills ?? null);
export const profile = computed(() => connection.value?.profile ?? 'v2');
export const traits = computed(() => SKILL_TRAITS[profile.value]);

/** Scopes that writing skills needs and the token does not carry. */
export const scopesLacking = computed(() => {
  const [now, status] = [access.value, auth.value];
  if (!now?.on || status?.phase !== 'signedIn') return [];
  return now.scopes.filter((scope) => !status.effectiveScopes.includes(scope));
});
