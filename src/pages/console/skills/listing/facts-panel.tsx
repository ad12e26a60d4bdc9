import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../../../messages/words.ts';
import { CloseIcon } from '../../../parts/icons.tsx';

/** False for what there is nothing to say of. */
export type Fact = [label: string, text: string] | false;

const chosenRow = () => document.querySelector<HTMLElement>('.listing tr.current');

/** All that is known of one row, in full: a table has room for the beginning of it. Focus goes in, and back to the row. */
export function FactsPanel({ title, facts, close }: { title: string; facts: readonly Fact[]; close: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const [top, row] = [heading.current?.getBoundingClientRect().top ?? 0, chosenRow()];
    // It may lie beneath the panel now.
    if (row && row.getBoundingClientRect().bottom > top) row.scrollIntoView({ block: 'center' });
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  const back = () => {
    chosenRow()?.focus({ preventScroll: true });
    close();
  };
  return (
    <section
      class="facts-panel"
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key === 'Escape') back();
      }}
    >
      <h3 ref={heading} tabIndex={-1}>
        {title}
      </h3>
      <button type="button" class="btn icon" aria-label={t('skills_batch_closeDetails')} onClick={back}>
        <CloseIcon />
      </button>
      <dl>
        {facts.map(
          (fact) =>
            fact && (
              <div key={fact[0]}>
                <dt>{fact[0]}</dt>
                <dd>
                  <bdi>{fact[1]}</bdi>
                </dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}
