/** Reads a set-up file: plain keys, or the same wrapped as policy files are. */
import { looksToken } from './looks-secret.ts';
import type { Phrase } from './problem-words.ts';

export type ConfigText = { values: Record<string, unknown> } | { wrong: Phrase };

const wrong = (key: string): ConfigText => ({ wrong: { key, params: [] } });

/** A file of 2,000 agent ids is far below this, in characters. */
const MAX_LENGTH = 500_000;

/** The keys of the text, or what is wrong with it. Says nothing about the values: `checkConfig` does. */
export function readConfigText(text: string): ConfigText {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') return wrong('options_importEmpty');
  if (trimmed.length > MAX_LENGTH) return wrong('options_importTooLong');
  if (!trimmed.startsWith('{') && looksToken(trimmed)) return wrong('options_importIsToken');
  const parsed = record(parse(trimmed));
  if (parsed === null) return wrong('options_importNotJson');
  return { values: unwrapped(parsed) };
}

/** `{"3rdparty": {"extensions": {"<id>": {…}}}}` is how a policy file on disk is wrapped, `{"key": {"Value": …}}` how the admin console does. */
function unwrapped(values: Record<string, unknown>): Record<string, unknown> {
  const extensions = record(record(values['3rdparty'])?.extensions);
  const inner = (extensions && record(Object.values(extensions)[0])) ?? values;
  const entries = Object.entries(inner).map(([key, value]) => {
    const wrapper = record(value);
    return [key, wrapper && Object.keys(wrapper).join() === 'Value' ? wrapper.Value : value];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}
