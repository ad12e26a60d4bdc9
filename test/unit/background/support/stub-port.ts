import type { Answer, CxonePort, Failure, StatesAnswer } from '../../../../src/cxone/port.ts';
import { v2Profile } from '../../../../src/cxone/profiles/v2.ts';
import { EMPTY_DRAFT } from '../../../../src/domain/connection.ts';

type Rows = Answer<{ rows: unknown[] } & Partial<StatesAnswer>>;

export const ok = (rows: unknown[], atMs = Date.now()): Rows => ({ outcome: 'ok', rows, atMs, requestId: '' });
export const failure = (outcome: Failure['outcome'], more: Partial<Failure> = {}): Failure => ({
  outcome,
  status: 500,
  detail: '',
  notBeforeMs: 0,
  origin: 'https://api.example.com',
  requestId: '',
  ...more,
});

export interface Script {
  list(watermark: string): Rows | Promise<Rows>;
  single?(agentId: string): Rows | Promise<Rows>;
  directory?(page: number): ReturnType<CxonePort['directory']>;
}

/** A port that answers from the test itself, and counts what it was asked. */
export function stubPort({
  list,
  single,
  directory,
}: Script): CxonePort & { counts: { list: number; single: string[]; pages: number } } {
  const counts = { list: 0, single: [] as string[], pages: 0 };
  return {
    // What asks nobody is as it is.
    ...v2Profile({ ...EMPTY_DRAFT, id: 'stub', apiBaseUrl: 'https://api.example.com' }, () => Promise.reject(new Error('asked'))),
    counts,
    async states(_token, watermark) {
      counts.list++;
      const answer = await list(watermark);
      return answer.outcome === 'ok' ? { watermark: '', delta: false, ...answer } : answer;
    },
    async statesOf(_token, agentId) {
      counts.single.push(agentId);
      return single ? single(agentId) : ok([]);
    },
    agent: async () => failure('serverError', { status: 404 }),
    async directory(_token, page) {
      counts.pages++;
      return directory ? directory(page) : failure('serverError', { status: 404 });
    },
    me: async () => failure('serverError'),
    skillGroups: async () => failure('serverError'),
  };
}
