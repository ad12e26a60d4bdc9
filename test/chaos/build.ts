/** What is put to the test: the demo build of the sources as they are, in a folder of our own. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_BUILD, ROOT } from '../e2e/support/launch.ts';

const SOURCES = ['src', 'public', 'manifest.json', 'vite.config.ts', 'package-lock.json'];

export interface Build {
  folder: string;
  remove(): void;
}

/**
 * A copy of the demo build, built first when it is missing or older than the sources: a run lasts minutes, and nobody's next build may
 * change the extension under it.
 * @param from a build to take as it is (a scratch copy with a defect in it, to see the campaign go red)
 */
export function takeBuild(from: string | null): Build {
  const source = from ?? DEMO_BUILD;
  if (from === null && isOutdated()) buildDemo();
  if (!existsSync(join(source, 'manifest.json'))) throw new Error(`There is no built extension in ${source}.`);
  const cache = join(ROOT, '.cache', 'chaos');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'build-'));
  cpSync(source, folder, { recursive: true });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }) };
}

function isOutdated(): boolean {
  const built = join(DEMO_BUILD, 'manifest.json');
  return !existsSync(built) || statSync(built).mtimeMs < newest(SOURCES.map((path) => join(ROOT, path)));
}

function newest(paths: readonly string[]): number {
  const times = paths.map((path) => {
    const stat = statSync(path);
    return stat.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : stat.mtimeMs;
  });
  return Math.max(0, ...times);
}

function buildDemo(): void {
  console.log('building the demo build …');
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [vite, 'build', '--mode', 'demo'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The demo build failed:\n${stdout}${stderr}`);
}
