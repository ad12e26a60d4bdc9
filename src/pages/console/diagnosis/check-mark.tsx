import type { JSX } from 'preact';
import type { CheckLine } from '../../../domain/diagnosis/check-lines.ts';

const SHAPES: Record<CheckLine['result'], JSX.Element> = {
  ok: <path d="m3.5 8.5 3 3 6-7" />,
  bad: <path d="m4 4 8 8M12 4l-8 8" />,
  open: <path d="M5.6 6a2.4 2.4 0 1 1 3.6 2c-.8.5-1.2.9-1.2 1.8M8 12.6h.01" />,
  running: <path d="M8 2.5a5.5 5.5 0 1 1-5.5 5.5" />,
  notNeeded: <path d="M4.5 8h7" />,
  waiting: <path d="M4 8h.01M8 8h.01M12 8h.01" />,
  unknown: <path d="M4.5 8h7" />,
};

/** The result of one check by shape, beside words that say the same. */
export function CheckMark({ result }: { result: CheckLine['result'] }) {
  return (
    <svg
      class={`check-mark ${result}`}
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
