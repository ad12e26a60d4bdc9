/** Sorts by time, says what it is, and names nobody: `agent-watch-diagnosis-2026-03-02-0941.json`, in local time. */
export function fileName(startedMs: number): string {
  const at = new Date(startedMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `agent-watch-diagnosis-${day}-${two(at.getHours())}${two(at.getMinutes())}.json`;
}
