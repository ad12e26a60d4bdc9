import { formatDuration } from '../../../domain/time.ts';
import { t } from '../../../messages/words.ts';
import { formatCount } from '../../parts/count.ts';

const MINUTE_MS = 60_000;

/** How much time was spent: `49 s`, `14 min`, `42 h 10 min`. Days would hide how many hours of work they are. */
export function formatSpent(ms: number): string {
  const minutes = Math.floor(ms / MINUTE_MS);
  if (minutes < 60) return formatDuration(ms);
  return t('history_hours', formatCount(Math.floor(minutes / 60)), String(minutes % 60).padStart(2, '0'));
}
