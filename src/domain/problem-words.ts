/** How a problem is put into words: which texts of `_locales`, filled with what. Banner, badge and notifications say the same. */
import type { AuthFailure } from './auth-status.ts';
import { DISCOVERY_MISTAKES } from './discovered.ts';
import type { Problem, ProblemCode } from './problem.ts';

/** One text of `_locales` and what fills it. */
export interface Phrase {
  key: string;
  params: string[];
}

/**
 * Sentences added to `problem_<code>_text` when the parameter they need (from 0) was given: a text with a hole in it
 * ("the last list was at .") is worse than a shorter one.
 */
const EXTRAS: Partial<Record<ProblemCode, [suffix: string, param: number][]>> = {
  forbidden: [['said', 0]],
  emptyUnconfirmed: [
    ['time', 0],
    ['organisation', 1],
  ],
  emptyConfirmed: [
    ['time', 0],
    ['organisation', 1],
  ],
};

/** Codes whose text has a second form for when its first parameter is missing ("" or, of a count, 0). */
const BARE: readonly ProblemCode[] = [
  'rateLimited',
  'portal',
  'malformed',
  'partial',
  'serverError',
  'emptyMayLag',
  'agentsMissing',
];
/** A scope loss is told with its renewal only when we know which it was. */
const TIMED: readonly ProblemCode[] = ['scopeLost'];

/** Where a failed sign-in has its reason beneath. */
const WITH_FAILURE: readonly ProblemCode[] = ['signInFailed', 'needsSignIn', 'signedOut'];

export function problemTitle(problem: Problem): Phrase {
  return { key: `problem_${problem.code}_title`, params: fill(problem) };
}

/** What happened and what to do, sentence by sentence. */
export function problemText(problem: Problem, failure: AuthFailure | null): Phrase[] {
  const { code } = problem;
  const params = fill(problem);
  const none = !params[0] || params[0] === '0';
  const bare = (BARE.includes(code) && none) || (TIMED.includes(code) && !params[1]);
  const extras = (EXTRAS[code] ?? []).filter(([, index]) => params[index]);
  return [
    { key: `problem_${code}_${bare ? 'bare' : 'text'}`, params },
    ...(code === 'apiNotFound' && isMistake(params[0]) ? [{ key: `discovery_${params[0]}`, params: [params[1] ?? ''] }] : []),
    ...extras.map(([suffix]) => ({ key: `problem_${code}_${suffix}`, params })),
    ...(failure && WITH_FAILURE.includes(code) ? [{ key: `auth_${failure}`, params: [] }] : []),
  ];
}

function fill({ code, params }: Problem): string[] {
  return code === 'hostAccessMissing' ? [params.join(', ')] : params;
}

/** What Chrome is asked for when access to hosts is missing: each origin, and nothing that is not one. */
export function hostPatterns(params: readonly string[]): string[] {
  return params.filter((origin) => /^https?:\/\/[^/\s*]+$/.test(origin)).map((origin) => `${origin}/*`);
}

function isMistake(code: string | undefined): boolean {
  return (DISCOVERY_MISTAKES as readonly (string | undefined)[]).includes(code);
}
