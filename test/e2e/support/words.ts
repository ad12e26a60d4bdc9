import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageKey } from '../../../src/messages/words.ts';
import { ROOT } from './launch.ts';

type Texts = Record<string, { message: string; placeholders?: Record<string, { content: string }> }>;
const english = JSON.parse(readFileSync(join(ROOT, 'public', '_locales', 'en', 'messages.json'), 'utf8')) as Texts;

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * What is on screen for a message, whatever its placeholders stand for: tests find things as a user does, by their words, and do not
 * break when a word is chosen better.
 */
export function words(key: MessageKey): RegExp {
  return new RegExp(`^\\s*${pattern(key)}\\s*$`);
}

/** The same within a longer text. */
export function wordsIn(key: MessageKey): RegExp {
  return new RegExp(pattern(key));
}

function pattern(key: MessageKey): string {
  const text = english[key];
  if (!text) throw new Error(`There is no text "${key}" in _locales/en.`);
  const named = text.message.replace(
    /\$(\w*[A-Za-z_]\w*)\$/g,
    (_all, name: string) => text.placeholders?.[name.toLowerCase()]?.content ?? '',
  );
  const parts = named.split(/\$[1-9]/).map((part) => literally(part.replaceAll('$$', '$')));
  return parts.join('.*');
}
