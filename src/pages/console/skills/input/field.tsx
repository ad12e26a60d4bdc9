import { type ComponentChildren, cloneElement, type VNode } from 'preact';
import { useId } from 'preact/hooks';

interface Props {
  label: string;
  /** What is wrong with it; '' = nothing. */
  error?: string;
  /** Beneath it, where nothing is wrong. */
  hint?: ComponentChildren;
  /** The one control. */
  children: VNode<Record<string, unknown>>;
}

/** A field with its name above and what is to be said about it beneath; both belong to it for who hears the page. */
export function Field({ label, error = '', hint, children }: Props) {
  const id = useId();
  const below = error || hint;
  return (
    <div class="labelled">
      <label for={id}>{label}</label>
      {cloneElement(children, {
        id,
        'aria-invalid': error !== '',
        'aria-describedby': below ? `${id}-below` : undefined,
      })}
      {below && (
        <p class={error ? 'sm wrong' : 'sm mut'} id={`${id}-below`}>
          {below}
        </p>
      )}
    </div>
  );
}
