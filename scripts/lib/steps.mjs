/** Running things and saying so. Node built-ins only: used before anything is installed. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

export const say = (text) => console.log(`${paint(36, '›')} ${text}`);
export const heading = (text) => console.log(`\n${paint(1, text)}`);
export const good = (text) => paint(32, text);
export const bad = (text) => paint(31, text);

/** Trouble a person can mend: shown as words, never as a stack trace. */
export class Trouble extends Error {}

/** Runs `main`; expected trouble ends in one readable line and exit code 1. */
export async function orExplain(main) {
  try {
    return await main();
  } catch (error) {
    if (!(error instanceof Trouble) && process.env.DEBUG) throw error;
    console.error(`\n${bad('✗')} ${error instanceof Error ? error.message : error}`);
    if (!(error instanceof Trouble)) console.error('  (set DEBUG=1 to see where this came from)');
    process.exitCode = 1;
    return undefined;
  }
}

/** A tool of node_modules as a command of node itself: works on Windows too and starts faster than npx. */
export function tool(name, ...args) {
  const home = join(ROOT, 'node_modules', ...name.split('/'));
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const short = name.split('/').at(-1);
  const path = typeof bin === 'string' ? bin : (bin[short] ?? Object.values(bin)[0]);
  return [process.execPath, join(home, path), ...args];
}

const running = new Set();
/** Ctrl+C and stages that take too long must leave nothing behind; a group of its own makes the whole family reachable. */
function end(child) {
  try {
    if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
    else process.kill(-child.pid, 'SIGTERM');
  } catch {
    // It had already ended.
  }
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of running) end(child);
    process.exit(130);
  });
}

/**
 * Runs one command. `quiet` keeps the output for later instead of showing it as it comes.
 * @returns {Promise<{ok: boolean, output: string, seconds: number}>} never rejects.
 */
export function run(command, { quiet = false, env = {}, minutes = 10 } = {}) {
  const started = performance.now();
  const [file, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: ROOT,
      env: { ...process.env, ...(colour ? { FORCE_COLOR: '1' } : {}), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    running.add(child);
    const parts = [];
    const take = (to) => (chunk) => {
      parts.push(chunk);
      if (!quiet) to.write(chunk);
    };
    child.stdout.on('data', take(process.stdout));
    child.stderr.on('data', take(process.stderr));
    const done = (ok, remark = '') => {
      clearTimeout(timer);
      running.delete(child);
      if (remark) take(process.stderr)(Buffer.from(`${remark}\n`));
      resolve({ ok, output: Buffer.concat(parts).toString(), seconds: (performance.now() - started) / 1000 });
    };
    const timer = setTimeout(() => {
      end(child);
      done(false, `${bad('✗')} stopped after ${minutes} minutes`);
    }, minutes * 60_000);
    child.on('error', (error) => done(false, `${file}: ${error.message}`));
    child.on('close', (code) => done(code === 0));
  });
}
