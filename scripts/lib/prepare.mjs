/** Installs what is missing. Node built-ins only. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { ROOT, run, say, Trouble } from './steps.mjs';

const packagesOf = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')).packages ?? {};

/** True when what is installed is not what the lock file says. Compares versions, not times: a checkout touches times. */
function isOutdated() {
  if (!existsSync(join(ROOT, 'node_modules', '.package-lock.json'))) return true;
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.entries(packagesOf('package-lock.json')).some(
    ([path, { version, optional, peer }]) =>
      path !== '' && !optional && !(peer && !installed[path]) && installed[path]?.version !== version,
  );
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new Trouble(`Node 20.19 or newer is needed; this is ${process.versions.node}. Get it from https://nodejs.org/.`);
}

export async function ensurePackages() {
  checkNode();
  if (!isOutdated()) return say('npm packages: as the lock file says');
  say('npm packages: installing them (npm ci), about 10 seconds …');
  const npm = process.env.npm_execpath;
  const command = npm ? [process.execPath, npm] : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
  const quiet = { quiet: true, minutes: 5 };
  const exact = await run([...command, 'ci', '--no-audit', '--no-fund'], quiet);
  if (exact.ok) return undefined;
  // `npm ci` refuses a lock file written where the registry had no packages for other systems; this takes the same versions from it.
  say('npm packages: npm ci would not, so npm install with the same versions …');
  const near = await run([...command, 'install', '--no-save', '--no-audit', '--no-fund'], quiet);
  if (!near.ok || isOutdated()) {
    const said = `${exact.output}\n${near.output}`.split('\n').filter((line) => !/--|^npm error$/.test(line));
    throw new Trouble(
      `The npm packages could not be installed. Is the package registry reachable from here?\n${said.join('\n').trimEnd()}`,
    );
  }
  return undefined;
}

const REMEDY = [
  'No Chromium or Chrome was found. Either',
  '  - install Chromium (Debian, Ubuntu: sudo apt-get install chromium; macOS: brew install --cask chromium), or',
  '  - run: npx playwright install chromium, or',
  '  - set CHROME_PATH to the program, e.g. CHROME_PATH=/opt/chromium/chrome npm start',
].join('\n');

/** The path of a Chromium or Chrome, installed first where that is possible without asking. */
export async function ensureBrowser() {
  const found = await findBrowser();
  if (found) {
    say(`Browser: ${found.path}`);
    return found;
  }
  if (process.env.CHROME_PATH) throw new Trouble(`CHROME_PATH is ${process.env.CHROME_PATH}, and there is no such file.`);
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) throw new Trouble(REMEDY);
  say('Browser: none found; installing Chromium (apt-get), about 20 seconds …');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const updated = await run(['apt-get', 'update', '-q'], { env, quiet: true });
  const { ok, output } = await run(['apt-get', 'install', '-y', '-q', '--no-install-recommends', 'chromium'], {
    env,
    quiet: true,
  });
  const installed = await findBrowser();
  if (!ok || !installed)
    throw new Trouble(`apt-get could not install Chromium:\n${(updated.ok ? output : updated.output).trimEnd()}\n\n${REMEDY}`);
  say(`Browser: ${installed.path}`);
  return installed;
}
