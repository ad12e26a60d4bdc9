/** The thresholds of the suggested level as the page shows them: whole per cent. */
import { DEFAULT_SETTINGS, type LevelRule } from '../../../domain/settings.ts';
import type { MessageKey } from '../../../messages/words.ts';

export interface Threshold {
  id: string;
  label: MessageKey;
  /** Of 100. */
  get: (rule: LevelRule) => number;
  set: (rule: LevelRule, percent: number) => LevelRule;
}

const percent = (share: number) => Math.round(share * 100);

function threshold(level: 'five' | 'four', part: 'efficiency' | 'resolution', label: MessageKey): Threshold {
  return {
    id: `${level}-${part}`,
    label,
    get: (rule) => percent(rule[level][part]),
    set: (rule, value) => ({ ...rule, [level]: { ...rule[level], [part]: value / 100 } }),
  };
}

/** The best level first. */
export const THRESHOLDS: readonly Threshold[] = [
  threshold('five', 'efficiency', 'skills_settings_fiveEfficiency'),
  threshold('five', 'resolution', 'skills_settings_fiveResolution'),
  threshold('four', 'efficiency', 'skills_settings_fourEfficiency'),
  threshold('four', 'resolution', 'skills_settings_fourResolution'),
  {
    id: 'three-efficiency',
    label: 'skills_settings_threeEfficiency',
    get: (rule) => percent(rule.three.efficiency),
    set: (rule, value) => ({ ...rule, three: { efficiency: value / 100 } }),
  },
];

/** Whether a better level asks for less than a worse one: then the worse is hardly ever suggested. */
export function isUpsideDown({ five, four, three }: LevelRule): boolean {
  return five.efficiency < four.efficiency || five.resolution < four.resolution || four.efficiency < three.efficiency;
}

export function isUsual(rule: LevelRule): boolean {
  return (
    THRESHOLDS.every(({ get }) => get(rule) === get(DEFAULT_SETTINGS.levelRule)) && rule.none === DEFAULT_SETTINGS.levelRule.none
  );
}
