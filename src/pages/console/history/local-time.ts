/** Times as a field of type `datetime-local` has them: on this computer's clock. */

/** `2026-03-02T09:41`. */
export function toField(ms: number): string {
  const at = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** NaN for what is no time. Where clocks are put back, the first of the two moments. */
export function fromField(text: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN;
}
