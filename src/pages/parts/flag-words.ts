import { causeTitle, causeTodo } from '../../domain/diagnosis/cause-words.ts';
import type { KnownCause } from '../../domain/diagnosis/run.ts';
import type { Flag } from '../../domain/emptiness.ts';
import type { GlanceRow } from '../../messages/published.ts';
import { t, tCode } from '../../messages/words.ts';

/** Why CXone gave no state for an agent, as far as is known, and what that does not mean. */
export function flagText({ kind, params, organisationId }: Flag): string {
  const reason = tCode(`flag_${kind}`, params);
  return organisationId ? `${reason} ${t('flag_organisation', organisationId)}` : reason;
}

/** What a diagnosis has found, and how sure it is where it is not certain. */
export function causeName(cause: KnownCause): string {
  const { key, params } = causeTitle(cause);
  const title = tCode(key, params);
  return cause.confidence === 'certain' ? title : t(`diagnosis_${cause.confidence}Title`, title);
}

/** The same with what to do about it. */
export function causeSentences(cause: KnownCause): string[] {
  return [t('diagnosis_sentence', causeName(cause)), ...causeTodo(cause).map(({ key, params }) => tCode(key, params))];
}

/** Why an agent has no state: found out by a diagnosis, else as far as is known without one. */
export function reasonText({ cause }: Pick<GlanceRow, 'cause'>, flag: Flag): string {
  return cause ? causeSentences(cause).filter(Boolean).join(' ') : flagText(flag);
}
