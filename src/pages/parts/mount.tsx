import { type ComponentType, render } from 'preact';
import { t } from '../../messages/words.ts';
import './theme.css';

/** Puts a page's one component into `#app`, in the language its words are in. */
export function mount(Page: ComponentType): void {
  const root = document.documentElement;
  root.lang = t('page_language');
  root.dir = t('page_direction');
  const place = document.getElementById('app');
  if (place) render(<Page />, place);
}
