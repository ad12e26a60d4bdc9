import type { JSX } from 'preact';
import type { Category } from '../../domain/agent-state.ts';

const line = { fill: 'none', stroke: 'currentColor' } as const;

/** A colour AND a shape for each category, the same everywhere (DESIGN section 9). */
const SHAPES: Record<Category, () => JSX.Element> = {
  available: () => <circle cx="6" cy="6" r="5.5" fill="currentColor" />,
  working: () => <rect x=".5" y=".5" width="11" height="11" rx="2.5" fill="currentColor" />,
  acw: () => (
    <>
      <circle cx="6" cy="6" r="4.75" stroke-width="1.5" {...line} />
      <path d="M6 .5a5.5 5.5 0 0 1 0 11z" fill="currentColor" />
    </>
  ),
  unavailable: () => <circle cx="6" cy="6" r="4.5" stroke-width="2.5" {...line} />,
  loggedOut: () => <rect x="1" y="4.75" width="10" height="2.5" rx="1.25" fill="currentColor" />,
  loggedIn: () => <circle cx="6" cy="6" r="4.75" stroke-width="1.5" stroke-dasharray="2.2 1.6" {...line} />,
  unknown: () => (
    <>
      <path d="M6 .8 11.2 6 6 11.2.8 6z" stroke-width="1.5" {...line} />
      <path d="M4.7 4.9c0-1.7 2.6-1.7 2.6 0 0 1-1.3 1-1.3 2" {...line} />
      <circle cx="6" cy="8.3" r=".6" fill="currentColor" />
    </>
  ),
};

/** Decoration beside words that say the same; give `label` where it stands alone. */
export function StateMark({ category, label, large }: { category: Category; label?: string; large?: boolean }) {
  const Shape = SHAPES[category] ?? SHAPES.unknown;
  const naming = label ? ({ role: 'img', 'aria-label': label, title: label } as const) : ({ 'aria-hidden': true } as const);
  return (
    <span class={`mark ${category}${large ? ' large' : ''}`} {...naming}>
      <svg viewBox="0 0 12 12" focusable="false" aria-hidden="true">
        <Shape />
      </svg>
    </span>
  );
}
