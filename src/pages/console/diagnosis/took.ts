import { t } from '../../../messages/words.ts';

/** How long something took, as exact as one cares to know: `84 ms`, `15.6 s`. */
export function formatTook(ms: number): string {
  if (ms < 1000) return t('diagnosis_ms', Math.max(0, Math.round(ms)));
  return t('diagnosis_s', (ms / 1000).toFixed(ms < 10_000 ? 1 : 0));
}
