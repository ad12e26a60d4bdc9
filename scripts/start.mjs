/**
 * `npm start`: from a bare checkout to a browser with the extension in it, signed in and watching a living test tenant.
 * `npm start -- --headless --shots DIR`: the same without a display; saves pictures and ends.
 * Node built-ins only: the rest is scripts/demo.ts, once its packages are there.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowser, ensurePackages } from './lib/prepare.mjs';
import { orExplain, ROOT, run, say, Trouble, tool } from './lib/steps.mjs';

const HELP = `npm start                                 a browser with the extension, signed in to a test tenant and watching
npm start -- --headless --shots DIR       the same without a display: saves pictures of every page and ends`;

function options() {
  try {
    const { values } = parseArgs({
      options: { headless: { type: 'boolean' }, shots: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    return values;
  } catch (error) {
    throw new Trouble(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
  }
}

async function start() {
  const { headless = false, shots, help } = options();
  if (help) return console.log(HELP);
  if (headless && !shots) throw new Trouble(`--headless shows nothing by itself: say where to save the pictures.\n\n${HELP}`);
  if (!headless && process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    throw new Trouble('There is no display here. For pictures instead of a window: npm start -- --headless --shots shots');
  await ensurePackages();
  await ensureBrowser();
  say('Building the demo (the product plus permission to reach this machine) …');
  const { ok, output } = await run(tool('vite', 'build', '--mode', 'demo'), { quiet: true });
  if (!ok) throw new Trouble(`The build failed:\n${output.trimEnd()}`);
  const [file, ...args] = tool(
    'tsx',
    'scripts/demo.ts',
    ...(headless ? ['--headless'] : []),
    ...(shots ? ['--shots', resolve(shots)] : []),
  );
  // In the foreground, so that Ctrl+C reaches it and it can tidy up.
  const demo = spawn(file, args, { cwd: ROOT, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.removeAllListeners(signal);
    process.on(signal, () => demo.kill(signal));
  }
  process.exitCode = await new Promise((done) => demo.on('close', (code) => done(code ?? 1)));
  return undefined;
}

await orExplain(start);
