/** What is told at a field of a form. */

/** One note beside a field. */
export interface FieldNote {
  /** A text in `_locales`, starting with `field_`. */
  key: string;
  params: string[];
  /** The likely right value of this field, to be put in with one click. */
  suggestion?: string;
  /** What the same click puts into another field. */
  also?: { field: 'apiPrefix' | 'apiBaseUrl'; value: string };
}
/** A note without a suggestion. */
export function note(key: string, ...params: string[]): FieldNote {
  return { key, params };
}
