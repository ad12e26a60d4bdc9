import type { Flag } from '../../domain/emptiness.ts';
import { t, tCode } from '../../messages/words.ts';

/** Why CXone gave no state for an agent, as far as is known, and what that does not mean. */
export function flagText({ kind, params, organisationId }: Flag): string {
  const reason = tCode(`flag_${kind}`, params);
  return organisationId ? `${reason} ${t('flag_organisation', organisationId)}` : reason;
}
