/** How a page looks and whether everybody can use it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

export const SCHEMES = ['light', 'dark'] as const;
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Accessibility violations (WCAG 2.2 A and AA, and best practice), one line each; [] when there are none.
 * By evaluate: the extension's CSP refuses script tags.
 */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return violations.map(({ id, help, nodes }) => `${id}: ${help} — ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** A PNG of the page in each colour scheme: `<name>-light.png`, `<name>-dark.png`. Animations are over, the caret is hidden. */
export async function shoot(
  page: Page,
  pathOf: (scheme: string) => string,
  size: { width: number; height: number },
): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize(size);
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: pathOf(colorScheme), animations: 'disabled', caret: 'hide' });
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (before) await page.setViewportSize(before);
}
