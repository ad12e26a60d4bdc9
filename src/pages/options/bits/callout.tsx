import type { ComponentChildren } from 'preact';
import { ErrorIcon, WarningIcon } from '../../parts/icons.tsx';

interface Props {
  tone: 'warn' | 'bad' | 'calm';
  title: ComponentChildren;
  children?: ComponentChildren;
  /** At most one button. */
  action?: ComponentChildren;
  role?: 'alert' | 'status';
}

/** Something that wants attention: a mark, words, and at most one button. */
export function Callout({ tone, title, children, action, role }: Props) {
  const Icon = { warn: WarningIcon, bad: ErrorIcon, calm: null }[tone];
  return (
    <div class={`callout ${tone}`} {...(role === undefined ? {} : { role })}>
      {Icon && (
        <span class="callout-icon">
          <Icon />
        </span>
      )}
      <div class="callout-words">
        <p class="callout-title">{title}</p>
        {children}
      </div>
      {action}
    </div>
  );
}
