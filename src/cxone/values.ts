/** Single values of an answer, whichever API gives it; and what to say when they are not what they should be. */
import type { Failure } from './port.ts';

const MAX_TEXT = 200;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An id as exact text: a number that JSON has rounded (above 2^53) is no id. */
export function idText(value: unknown): string {
  if (typeof value === 'string') return value.length <= MAX_TEXT && !/\p{Cc}/u.test(value) ? value : '';
  return Number.isSafeInteger(value) ? String(value) : '';
}

export function clip(value: string): string {
  return value.length <= MAX_TEXT ? value : value.slice(0, MAX_TEXT);
}

/** An answer that nobody can read. @param detail the field that is wrong, never its value */
export function malformed(origin: string, detail: string, requestId = ''): Failure {
  return { outcome: 'malformed', status: 200, detail, notBeforeMs: 0, origin, requestId };
}
