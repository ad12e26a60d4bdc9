/** What is measured: builds of the sources as they are now. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../e2e/support/launch.ts';

const SOURCES = ['src', 'public', 'manifest.json', 'vite.config.ts', 'package-lock.json'];

/** A demo build of the bench's own (the tenant is loopback http), so that nobody's build changes under a run. */
export function buildDemo(): string {
  const folder = join(ROOT, '.cache', 'bench');
  vite('--mode', 'demo', '--outDir', folder);
  return folder;
}

/** `dist`, built when it is missing or older than the sources. */
export function ensureDist(): void {
  const manifest = join(ROOT, 'dist', 'manifest.json');
  if (existsSync(manifest) && statSync(manifest).mtimeMs >= newest(SOURCES.map((path) => join(ROOT, path)))) return;
  vite();
}

function vite(...args: string[]): void {
  const bin = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'build', ...args], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`vite build ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

function newest(paths: readonly string[]): number {
  const times = paths.map((path) => {
    const stat = statSync(path);
    return stat.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : stat.mtimeMs;
  });
  return Math.max(0, ...times);
}
