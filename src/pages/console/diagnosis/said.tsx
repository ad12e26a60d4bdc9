import type { Phrase } from '../../../domain/problem-words.ts';
import { tCode } from '../../../messages/words.ts';
import { codeParts } from './code-parts.ts';

export const text = ({ key, params }: Phrase): string => tCode(key, params);

/** Sentences, with the names of machines in them set as code: kept apart from the words whichever way those are written. */
export function Said({ phrases }: { phrases: readonly Phrase[] }) {
  const spoken = phrases.map((phrase) => ({ phrase, said: text(phrase) })).filter(({ said }) => said !== '');
  return (
    <>
      {spoken.map(({ phrase, said }, index) => (
        <span key={phrase.key}>
          {index > 0 && ' '}
          {codeParts(said, phrase.params).map((part) => (part.code ? <code key={part.text}>{part.text}</code> : part.text))}
        </span>
      ))}
    </>
  );
}
