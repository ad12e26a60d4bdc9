import type { ComponentChildren } from 'preact';

interface Props {
  /** Of the group. */
  name: string;
  value: string;
  label: string;
  help: ComponentChildren;
  checked: boolean;
  disabled: boolean;
  onChoose: () => void;
}

/** One of several ways, with a plain sentence about it. */
export function Choice({ name, value, label, help, checked, disabled, onChoose }: Props) {
  const id = `${name}-${value}`;
  return (
    <div class="choice">
      <input
        id={id}
        type="radio"
        name={name}
        value={value}
        checked={checked}
        disabled={disabled}
        aria-describedby={`${id}-help`}
        onChange={onChoose}
      />
      <div>
        <label for={id}>{label}</label>
        <p id={`${id}-help`} class="help">
          {help}
        </p>
      </div>
    </div>
  );
}
