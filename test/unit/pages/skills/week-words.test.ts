import { describe, expect, it } from 'vitest';
import type { AgentFigures } from '../../../../src/domain/figures.ts';
import { weekText } from '../../../../src/pages/console/skills/input/week-words.ts';

const TOLD: AgentFigures = {
  supported: true,
  figures: { occupancy: 63, handled: 1112, loginMs: (38 * 60 + 10) * 60_000 },
  atMs: 1,
  problem: null,
};

describe('an agent’s week in words', () => {
  it.each<[string, AgentFigures | null, string]>([
    ['as told', TOLD, 'Last 7 days: occupancy 63 % · 1,112 contacts handled · logged in for 38 h 10 min'],
    [
      'what is not said is left out',
      { ...TOLD, figures: { occupancy: null, handled: 0, loginMs: null } },
      'Last 7 days: 0 contacts handled',
    ],
    [
      'nothing of it said',
      { ...TOLD, figures: { occupancy: null, handled: null, loginMs: null } },
      'Last 7 days: CXone has no figures of this agent',
    ],
    ['no work', { ...TOLD, figures: null }, 'Last 7 days: CXone has no figures of this agent'],
    ['not answered yet', null, 'Last 7 days: asking CXone …'],
    [
      'never answered',
      { ...TOLD, figures: null, atMs: 0, problem: 'serverError' },
      'Last 7 days: CXone did not tell the figures just now',
    ],
    [
      'not to be seen',
      { ...TOLD, figures: null, atMs: 0, problem: 'forbidden' },
      'Last 7 days: your CXone role may not see the figures',
    ],
    [
      'an answer of before stays',
      { ...TOLD, figures: null, problem: 'offline' },
      'Last 7 days: CXone has no figures of this agent',
    ],
    ['an API without figures', { ...TOLD, supported: false }, ''],
  ])('%s', (_what, answer, expected) => {
    expect(weekText(answer)).toBe(expected);
  });
});
