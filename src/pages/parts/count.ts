import { t } from '../../messages/words.ts';

let format: Intl.NumberFormat | undefined;

/** A number of agents as people write it: 10,000. */
export function formatCount(count: number): string {
  if (count < 1000) return String(count);
  format ??= new Intl.NumberFormat(t('page_language'));
  return format.format(count);
}
