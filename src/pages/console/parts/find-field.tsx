import type { Ref } from 'preact';
import { type MessageKey, t } from '../../../messages/words.ts';
import { SearchIcon } from '../../parts/icons.tsx';

interface Props {
  label: MessageKey;
  placeholder: MessageKey;
  value: string;
  onFind: (words: string) => void;
  box?: Ref<HTMLInputElement>;
  /** A key that leads here. */
  shortcut?: string;
}

/** What is typed here narrows the rows beneath. */
export function FindField({ label, placeholder, value, onFind, box, shortcut }: Props) {
  return (
    <search class="find">
      <SearchIcon />
      <input
        ref={box ?? null}
        class="field"
        type="search"
        spellcheck={false}
        autocomplete="off"
        aria-label={t(label)}
        aria-keyshortcuts={shortcut}
        placeholder={t(placeholder)}
        value={value}
        onInput={(event) => onFind(event.currentTarget.value)}
      />
    </search>
  );
}
