import type { Phrase } from '../../../domain/problem-words.ts';
import { tCode } from '../../../messages/words.ts';

/** Private-use characters stand in for the values while the text is looked up, so that each can be set apart in it. */
const FIRST_MARK = 0xe000;

/** A text of `_locales` with its values in bold. */
export function Sentence({ phrase }: { phrase: Phrase }) {
  const marks = phrase.params.map((_, index) => String.fromCharCode(FIRST_MARK + index));
  const parts = tCode(phrase.key, marks).split(/([\ue000-\ue008])/);
  return (
    <>
      {parts.map((part) => {
        const value = phrase.params[part.charCodeAt(0) - FIRST_MARK];
        return value === undefined ? part : <b key={part}>{<bdi>{value}</bdi>}</b>;
      })}
    </>
  );
}
