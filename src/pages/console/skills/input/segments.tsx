import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface Choice<T> {
  value: T;
  label: ComponentChildren;
  /** For who hears the page, where the label alone says too little. */
  says?: string;
}

interface Props<T> {
  label: string;
  /** The label is for who hears the page alone. */
  quiet?: boolean;
  choices: readonly Choice<T>[];
  value: T | null;
  choose: (value: T) => void;
  invalid?: boolean;
  describedBy?: string | undefined;
}

/** One of a few, all in sight: radio buttons that look like one bar. Arrows choose. */
export function Segments<T extends string | number>({
  label,
  quiet = false,
  choices,
  value,
  choose,
  invalid = false,
  describedBy,
}: Props<T>) {
  const name = useId();
  return (
    <fieldset class={invalid ? 'segments invalid' : 'segments'} aria-describedby={describedBy}>
      <legend class={quiet ? 'unseen' : undefined}>{label}</legend>
      <div class="segment-bar">
        {choices.map((choice) => (
          <label key={choice.value}>
            <input
              type="radio"
              name={name}
              checked={choice.value === value}
              aria-label={choice.says}
              onChange={() => choose(choice.value)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
