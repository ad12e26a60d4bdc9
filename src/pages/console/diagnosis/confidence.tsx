import { CONFIDENCES, type Confidence } from '../../../domain/diagnosis/causes.ts';
import { tCode } from '../../../messages/words.ts';

/** Three bars, as many of them filled as one may be sure; the word beside them says the same. */
export function ConfidenceMark({ confidence }: { confidence: Confidence }) {
  const filled = CONFIDENCES.length - CONFIDENCES.indexOf(confidence);
  return (
    <span class="confidence">
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" focusable="false">
        {[0, 1, 2].map((bar) => (
          <rect
            key={bar}
            x={bar * 4.25 + 0.5}
            y={7.5 - bar * 3.5}
            width="2.5"
            height={4 + bar * 3.5}
            rx="0.5"
            fill={bar < filled ? 'currentColor' : 'none'}
            stroke="currentColor"
            stroke-width="1"
          />
        ))}
      </svg>
      {tCode(`confidence_${confidence}`)}
    </span>
  );
}
