import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['/etc/chromium/policies/managed', '/etc/opt/chrome/policies/managed'];
const NAME = 'agent-watch-e2e.json';

/** Policy files are machine-wide: only root may write them, and a test that does runs alone (`workers: 1`). */
export const canWritePolicy = process.platform === 'linux' && process.getuid?.() === 0;

/** Enterprise policy for the extension, as an administrator would roll it out. A running browser sees it within 5 s. */
export function writePolicy(extensionId: string, values: Record<string, unknown>): void {
  for (const folder of FOLDERS) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, NAME), JSON.stringify({ '3rdparty': { extensions: { [extensionId]: values } } }));
  }
}

export function removePolicy(): void {
  for (const folder of FOLDERS) rmSync(join(folder, NAME), { force: true });
}

/** Runs `body` under a policy that is gone afterwards, whatever happens. */
export async function withPolicy<T>(extensionId: string, values: Record<string, unknown>, body: () => Promise<T>): Promise<T> {
  try {
    writePolicy(extensionId, values);
    return await body();
  } finally {
    removePolicy();
  }
}
