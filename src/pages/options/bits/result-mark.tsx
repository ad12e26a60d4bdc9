import type { JSX } from 'preact';
import type { TestLine } from '../../../messages/published.ts';

const SHAPES: Record<TestLine['result'], JSX.Element> = {
  ok: <path d="m3.5 8.5 3 3 6-7" />,
  failed: <path d="m4 4 8 8M12 4l-8 8" />,
  running: <path d="M8 2.5a5.5 5.5 0 1 1-5.5 5.5" />,
  waiting: <path d="M4 8h.01M8 8h.01M12 8h.01" />,
  skipped: <path d="M4 8h8" />,
};

/** The result of one step by shape, beside words that say the same. */
export function ResultMark({ result }: { result: TestLine['result'] }) {
  return (
    <svg
      class={`result ${result}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[result]}
    </svg>
  );
}
