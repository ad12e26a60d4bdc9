/** Where a Chromium or Chrome is on this machine. Shared by `npm start`, `npm test` and the end-to-end tests. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Chromium first: branded Chrome ignores `--load-extension`. */
function usualPlaces() {
  const { PROGRAMFILES, 'PROGRAMFILES(X86)': PROGRAMFILES_X86, LOCALAPPDATA, HOME = '' } = process.env;
  if (process.platform === 'win32') {
    const homes = [LOCALAPPDATA, PROGRAMFILES, PROGRAMFILES_X86].filter(Boolean);
    return ['Chromium', join('Google', 'Chrome')].flatMap((name) =>
      homes.map((home) => join(home, name, 'Application', 'chrome.exe')),
    );
  }
  if (process.platform === 'darwin') {
    const apps = ['Chromium', 'Google Chrome for Testing', 'Google Chrome'];
    return apps.flatMap((app) => ['', HOME].map((home) => `${home}/Applications/${app}.app/Contents/MacOS/${app}`));
  }
  return ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
    .map((name) => `/usr/bin/${name}`)
    .concat('/snap/bin/chromium');
}

/** What `npx playwright install chromium` has put on this machine, if it was ever run. */
async function playwrights() {
  try {
    const { chromium } = await import('@playwright/test');
    return [chromium.executablePath()];
  } catch {
    return [];
  }
}

/** @returns {Promise<{path: string, branded: boolean} | null>} `branded`: Google Chrome, which loads an extension over the debugging pipe only. */
export async function findBrowser() {
  const { CHROME_PATH } = process.env;
  const places = CHROME_PATH ? [CHROME_PATH] : [...usualPlaces(), ...(await playwrights())];
  const unbranded = places.filter((path) => !isBranded(path));
  const path = [...unbranded, ...places].find((place) => existsSync(place));
  return path ? { path, branded: isBranded(path) } : null;
}

const isBranded = (path) => /google/i.test(path) && !/for testing/i.test(path);
