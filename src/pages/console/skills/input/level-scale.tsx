import { useId } from 'preact/hooks';
import type { SkillTraits } from '../../../../domain/skills/assignment.ts';
import { t } from '../../../../messages/words.ts';
import { levelsOf, meritOf } from './levels.ts';
import { Segments } from './segments.tsx';

/** How good a level is, as a fill: taller and stronger is better, whichever way the tenant counts. */
export function LevelMark({ level, levels }: { level: number; levels: SkillTraits['levels'] }) {
  return <i class="level-mark" style={{ '--merit': meritOf(level, levels) }} aria-hidden="true" />;
}

/** `1 is the lowest, 5 the best`, or the other way round. */
export const levelWords = ({ min, max, best }: SkillTraits['levels']): string =>
  t(best === 'high' ? 'skills_levels_high' : 'skills_levels_low', min, max);

interface Props {
  levels: SkillTraits['levels'];
  value: number | null;
  choose: (level: number) => void;
  error?: string;
}

/** All levels there are, the ends named. */
export function LevelScale({ levels, value, choose, error = '' }: Props) {
  const id = useId();
  const says = (level: number) => {
    if (level === (levels.best === 'high' ? levels.max : levels.min)) return t('skills_level_best', level);
    return level === (levels.best === 'high' ? levels.min : levels.max) ? t('skills_level_lowest', level) : String(level);
  };
  return (
    <div class="level-scale">
      <Segments
        label={t('skills_column_level')}
        value={value}
        choose={choose}
        invalid={error !== ''}
        describedBy={id}
        choices={levelsOf(levels).map((level) => ({
          value: level,
          says: says(level),
          label: (
            <>
              <LevelMark level={level} levels={levels} />
              {level}
            </>
          ),
        }))}
      />
      <p class="mut sm" id={id}>
        {error ? <span class="wrong">{error}</span> : levelWords(levels)}
      </p>
    </div>
  );
}
