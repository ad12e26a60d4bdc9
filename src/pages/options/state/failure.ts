import { MessageFailure } from '../../../messages/send.ts';
import { t } from '../../../messages/words.ts';

/** What went wrong and what to do, in words. */
export interface Failure {
  message: string;
  fix: string;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof MessageFailure) return { message: error.message, fix: error.fix ?? '' };
  return { message: t('error_noAnswer'), fix: '' };
}
