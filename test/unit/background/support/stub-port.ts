import type { Answer, CxonePort, Failure } from '../../../../src/cxone/port.ts';
import { readRow } from '../../../../src/cxone/profiles/v2.ts';

type Rows = Answer<{ rows: unknown[] }>;

export const ok = (rows: unknown[], atMs = Date.now()): Rows => ({ outcome: 'ok', rows, atMs });
export const failure = (outcome: Failure['outcome'], more: Partial<Failure> = {}): Failure => ({
  outcome,
  status: 500,
  detail: '',
  notBeforeMs: 0,
  origin: 'https://api.example.com',
  ...more,
});

export interface Script {
  list(): Rows | Promise<Rows>;
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
    counts,
    readRow,
    async states() {
      counts.list++;
      return list();
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
  };
}
