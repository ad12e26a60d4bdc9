import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const readJson = (path: string) => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'));

export const manifest: { version: string; key: string } & Record<string, unknown> = readJson('manifest.json');

/** The first 16 bytes of the key's SHA-256, each nibble as a letter from a to p: Chrome's rule. */
const nibbles = createHash('sha256').update(Buffer.from(manifest.key, 'base64')).digest('hex').slice(0, 32);
export const EXTENSION_ID = [...nibbles].map((hex) => String.fromCharCode(97 + Number.parseInt(hex, 16))).join('');

interface Text {
  message: string;
  placeholders?: Record<string, { content: string }>;
}
const locales = new Map<string, Record<string, Text>>();
function textsOf(locale: string): Record<string, Text> {
  const texts = locales.get(locale) ?? (readJson(`public/_locales/${locale}/messages.json`) as Record<string, Text>);
  locales.set(locale, texts);
  return texts;
}

/** What `i18n.getMessage` says: the real words; empty for an unknown key; `$name$`, `$1` and `$$` as Chrome reads them. */
export function textOf(locale: string, key: string, values: string[]): string {
  if (key === '@@extension_id') return EXTENSION_ID;
  if (key === '@@ui_locale') return locale;
  const text = textsOf(locale)[key] ?? textsOf('en')[key];
  if (!text) return '';
  const placed = text.message.replace(
    /\$(\w*[A-Za-z_]\w*)\$/g,
    (_all, name: string) => text.placeholders?.[name.toLowerCase()]?.content ?? '',
  );
  return placed.replace(/\$([1-9])/g, (_all, digit: string) => values[Number(digit) - 1] ?? '').replaceAll('$$', '$');
}
