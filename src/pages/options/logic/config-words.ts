import type { ConfigKey, ConfigValues } from '../../../domain/config-file.ts';

/** The words a value of a set-up file is made of, so that the preview can be built (and tested) without a browser. */
export interface ConfigVocabulary {
  yes: string;
  no: string;
  /** Nothing is set. */
  nothing: string;
  /** "12 agents" */
  agents: (count: number) => string;
}

/** A value as the preview shows it. Agents are counted, not listed. */
export function valueText(key: ConfigKey, value: ConfigValues[ConfigKey], words: ConfigVocabulary): string {
  if (value === undefined) return words.nothing;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (!Array.isArray(value)) return String(value);
  if (key === 'watchedAgentIds') return words.agents(value.length);
  return value.length === 0 ? words.nothing : value.join(', ');
}

const SHOWN_KEYS = 8;
const SHOWN_CHARACTERS = 40;

/** Names of keys nobody knows, cut short: whatever was pasted may stand there. */
export function unknownKeys(keys: readonly string[]): string {
  const shown = keys
    .slice(0, SHOWN_KEYS)
    .map((key) => (key.length > SHOWN_CHARACTERS ? `${key.slice(0, SHOWN_CHARACTERS)}…` : key));
  return keys.length > SHOWN_KEYS ? `${shown.join(', ')}, …` : shown.join(', ');
}
