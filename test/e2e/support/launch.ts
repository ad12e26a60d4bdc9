/** Starting a browser with the extension in it: facts/e2e.md sections 1, 4 and 10 are the source of every odd-looking choice here. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { findBrowser } from '../../../scripts/lib/browser.mjs';

export const ROOT = join(import.meta.dirname, '..', '..', '..');
export const DEMO_BUILD = join(ROOT, 'dist-demo');
/** What the demo build may be granted: the test tenant, on whatever port. */
export const LOOPBACK = 'http://127.0.0.1/*';

export interface LaunchOptions {
  /**
   * `flag`: loaded by `--load-extension` (`onInstalled` fires at each start, alarms are lost at a restart).
   * `profile`: written into the profile as an installed extension: the one that survives a restart as a user's does.
   */
  by?: 'flag' | 'profile';
  /** Host patterns the user is taken to have agreed to; a real `permissions.request` from a real click still has to ask for them. */
  grant?: string[];
  headless?: boolean;
  /** Kill the worker before every message of a page; by default when SUSPEND=1. */
  suspend?: boolean;
  /** The built extension. */
  build?: string;
  /** Called with what to do when a Google Chrome takes no extension from outside; the start then waits for the user to do it. */
  byHand?: (instructions: string) => void;
}

const ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-features=Translate,OptimizationHints,MediaRouter',
  // Nothing leaves this machine, whatever Chromium would like to look up. The sign-in redirect needs no name to resolve.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost',
];

/** The fixed id: the first 16 bytes of the SHA-256 of the manifest's key, each nibble as a letter from a to p. */
export function extensionId(build: string): string {
  if (!existsSync(join(build, 'manifest.json'))) throw new Error(`${build} is not built: run npm run build:demo first.`);
  const { key } = JSON.parse(readFileSync(join(build, 'manifest.json'), 'utf8')) as { key: string };
  const nibbles = createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex').slice(0, 32);
  return [...nibbles].map((hex) => String.fromCharCode(97 + Number.parseInt(hex, 16))).join('');
}

/** An internal format of Chromium's: kept here alone, and held by the smoke test. */
function writeProfile(profileDir: string, id: string, build: string, grant: string[]): void {
  const preferences = join(profileDir, 'Default', 'Preferences');
  if (existsSync(preferences)) return;
  mkdirSync(join(profileDir, 'Default'), { recursive: true });
  const hosts = grant.length > 0 ? { runtime_granted_permissions: { explicit_host: grant } } : {};
  // 4: "load unpacked"; 38: what Chromium itself writes for one (from the store: no, file access: yes).
  const entry = { location: 4, path: build, creation_flags: 38, ...hosts };
  writeFileSync(preferences, JSON.stringify({ extensions: { ui: { developer_mode: true }, settings: { [id]: entry } } }));
}

/** Opens a browser on `profileDir` with the extension in it. Does not wait for the worker. */
export async function openBrowser(profileDir: string, options: LaunchOptions): Promise<BrowserContext> {
  const { by = 'flag', grant = [], headless = true, build = DEMO_BUILD } = options;
  const browser = await findBrowser();
  if (!browser) throw new Error('No Chromium or Chrome was found: install Chromium, or set CHROME_PATH.');
  const id = extensionId(build);
  if (by === 'profile') writeProfile(profileDir, id, build, grant);
  const load = by === 'flag' && !browser.branded ? [`--disable-extensions-except=${build}`, `--load-extension=${build}`] : [];
  const debugging = browser.branded ? ['--enable-unsafe-extension-debugging'] : [];
  const context = await chromium.launchPersistentContext(profileDir, {
    executablePath: browser.path,
    headless,
    viewport: headless ? { width: 1280, height: 800 } : null,
    // As root there is no sandbox to be had; everybody else keeps it.
    chromiumSandbox: process.getuid?.() !== 0,
    // Who opened the browser closes it, and tidies up after it.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    ignoreDefaultArgs: ['--disable-extensions'],
    args: [...ARGS, ...load, ...debugging],
  });
  if (browser.branded && by === 'flag' && !(await loadOverPipe(context, build))) {
    const instructions = `This Chrome takes no extension from outside. In chrome://extensions switch on "Developer mode", press "Load unpacked" and choose ${build}`;
    if (!options.byHand) throw new Error(instructions);
    options.byHand(instructions);
  }
  return context;
}

async function loadOverPipe(context: BrowserContext, build: string): Promise<boolean> {
  const session = await context.browser()?.newBrowserCDPSession();
  // Not in Playwright's list of protocol calls, but passed on as it is.
  const send = session?.send as unknown as (method: string, params: object) => Promise<unknown>;
  return send.call(session, 'Extensions.loadUnpacked', { path: build }).then(
    () => true,
    () => false,
  );
}
