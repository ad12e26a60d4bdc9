import { signal } from '@preact/signals';
import { type ComponentType, createElement } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../../messages/words.ts';

/** A component that is loaded when it is first shown: a page opens without it. What is loaded stays. */
export function later<P extends object = object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const view = signal<ComponentType<P> | null>(null);
  const failed = signal(false);
  return function Later(props: P) {
    useEffect(() => {
      if (view.peek()) return;
      load().then(
        (loaded) => {
          view.value = loaded;
        },
        () => {
          failed.value = true;
        },
      );
    }, []);
    if (view.value) return createElement(view.value, props);
    if (!failed.value) return null;
    // The extension was updated under the page: its parts have other names by now.
    return (
      <section class="step" role="alert">
        <h2>{t('page_partMissing')}</h2>
        <button type="button" class="btn main" onClick={() => location.reload()}>
          {t('page_reload')}
        </button>
      </section>
    );
  };
}
