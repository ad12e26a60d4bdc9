import { describe, expect, it } from 'vitest';
import { keyEntries } from '../../../../src/pages/console/history/key-entries.ts';
import type { Lane } from '../../../../src/pages/parts/lanes.ts';
import { NOW } from '../rows.ts';
import { HOUR, inARow } from './made.ts';

const lane = (source: Lane['source']): Lane => ({
  agentId: 'a1',
  segments: inARow(NOW, ['unavailable', HOUR], ['available', HOUR], ['unavailable', HOUR]),
  source,
  ours: null,
  notes: [],
  problem: null,
});

describe('the key of a picture', () => {
  it('explains the states that are there, from at work to away', () => {
    expect(keyEntries([null, lane('tenant')])).toEqual({ categories: ['available', 'unavailable'], ours: false });
    expect(keyEntries([null])).toEqual({ categories: [], ours: false });
  });
  it.each(['ours', 'both'] as const)('explains what is from our own record (%s)', (source) => {
    expect(keyEntries([lane('tenant'), lane(source)]).ours).toBe(true);
  });
});
