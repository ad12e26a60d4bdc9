import { useMemo } from 'preact/hooks';
import type { Segment } from '../../domain/history/history.ts';
import type { TimeRange } from '../../domain/history/ranges.ts';
import { rectsOf } from '../../domain/history/timeline.ts';
import { HEIGHTS, OUTLINE, OUTLINED, oursPath, type Paths, pathsOf } from './bar-paths.ts';
import './bars.css';

/** How a state is drawn: by stroking the middle of its bar, or its outline. In which colour and pattern, bars.css says. */
export function Bar({ category, d }: Paths[number]) {
  return <path class={`bar-${category}`} d={d} stroke-width={OUTLINED.includes(category) ? OUTLINE : HEIGHTS[category]} />;
}

/** As in the mix bar (parts.css): each state with the pattern that it has in other places. Once in the page. */
export function Patterns() {
  return (
    <svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="history-acw" patternUnits="userSpaceOnUse" width="4" height="4">
          <path class="of-acw pale" d="M0 2h4" stroke-width="4" />
          <path class="of-acw" d="M1 0v4" stroke-width="2" />
        </pattern>
        <pattern id="history-unavailable" patternUnits="userSpaceOnUse" width="6" height="6" patternTransform="rotate(45)">
          <path class="of-unavailable pale" d="M0 3h6" stroke-width="6" />
          <path class="of-unavailable" d="M1.5 0v6" stroke-width="3" />
        </pattern>
      </defs>
    </svg>
  );
}

interface Props {
  segments: readonly Segment[];
  window: TimeRange;
  width: number;
  /** From the top of the lane to the middle of the bar. */
  middle: number;
  /** 1: a whole bar; smaller beside another. */
  scale?: number;
}

/** The stretches of one lane. */
export function Bars({ segments, window, width, middle, scale = 1 }: Props) {
  const drawn = useMemo(() => {
    const { rects } = rectsOf(segments, window, width);
    return { paths: pathsOf(rects, segments), ours: oursPath(rects, segments) };
  }, [segments, window, width]);
  const place = scale === 1 ? `translate(0 ${middle})` : `translate(0 ${middle}) scale(1 ${scale})`;
  return (
    <g transform={place}>
      {drawn.paths.map(({ category, d }) => (
        <Bar key={category} category={category} d={d} />
      ))}
      {scale === 1 && drawn.ours !== '' && <path class="ours-mark" d={drawn.ours} transform="translate(0 13)" />}
    </g>
  );
}
