import type { JSX } from 'preact';
import type { Held, SkillTraits } from '../../../../domain/skills/assignment.ts';
import type { Diff, RowState } from '../../../../domain/skills/batch.ts';
import { t } from '../../../../messages/words.ts';
import { LevelMark } from '../input/level-scale.tsx';
import { diffLabel, heldText, stateLabel } from './words.ts';

const line = { fill: 'none', stroke: 'currentColor', 'stroke-width': '1.5', 'stroke-linecap': 'round' } as const;
const Circle = () => <circle cx="6" cy="6" r="4.75" {...line} />;
const Cross = () => <path d="m2.5 2.5 7 7M9.5 2.5l-7 7" {...line} stroke-width="2" />;

/** A shape AND a colour for each, as everywhere (DESIGN section 9); the word stands beside it. */
const SHAPES: Record<RowState | Diff, () => JSX.Element> = {
  unchecked: Circle,
  planned: Circle,
  sent: () => (
    <>
      <Circle />
      <path d="M6 1.2a4.8 4.8 0 0 1 0 9.6z" fill="currentColor" />
    </>
  ),
  verified: () => (
    <>
      <circle cx="6" cy="6" r="5.5" fill="currentColor" />
      <path d="m3.4 6.2 1.8 1.8 3.4-3.8" {...line} stroke="var(--paper)" />
    </>
  ),
  conflict: () => (
    <>
      <path d="M6 .8 11.2 6 6 11.2.8 6z" {...line} />
      <path d="M6 3.6v2.8M6 8.3h.01" {...line} />
    </>
  ),
  failed: Cross,
  refused: Cross,
  unknown: () => <circle cx="6" cy="6" r="4.75" {...line} stroke-dasharray="2.2 1.6" />,
  skipped: () => <rect x="1" y="5" width="10" height="2" rx="1" fill="currentColor" />,
  same: () => <path d="M2 4.2h8M2 7.8h8" {...line} />,
  new: () => <path d="M6 1.5v9M1.5 6h9" {...line} stroke-width="2" />,
  removed: () => <path d="M1.5 6h9" {...line} stroke-width="2" />,
  changed: () => <path d="M2 8.5 6 3l4 5.5z" {...line} stroke-linejoin="round" />,
};

export function SkillMark({ of }: { of: RowState | Diff }) {
  const Shape = SHAPES[of];
  return (
    <span class={`mark m-${of}`} aria-hidden="true">
      <svg viewBox="0 0 12 12" focusable="false" aria-hidden="true">
        <Shape />
      </svg>
    </span>
  );
}

export const StateWord = ({ state }: { state: RowState }) => (
  <span class="line">
    <SkillMark of={state} /> {stateLabel(state)}
  </span>
);
export const DiffWord = ({ diff }: { diff: Diff }) => (
  <span class="line">
    <SkillMark of={diff} /> {diffLabel(diff)}
  </span>
);

/** What somebody holds: shape and number; all of it for the ear. */
export function HeldMark({ held, traits }: { held: Held | null; traits: SkillTraits }) {
  if (held === null) return <span class="mut">{t('skills_held_none')}</span>;
  return (
    <span class="held" title={heldText(held)}>
      <LevelMark level={held.level} levels={traits.levels} />
      <span class="unseen">{t('skills_held_level', held.level)}</span>
      <b aria-hidden="true">{held.level}</b>
      {!held.active && <span class="mut"> {t('skills_held_inactive')}</span>}
    </span>
  );
}
