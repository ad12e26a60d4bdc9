/** A user without a mouse: goes where Tab goes, and sees where that is. */
import { expect, type Locator, type Page } from '@playwright/test';

const MAX_TABS = 80;

/** Presses Tab until `target` has the focus, and holds that each stop on the way can be seen. */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < MAX_TABS; presses++) {
    if (await hasFocus(target)) return;
    await page.keyboard.press(key);
    expect(await focusShown(page), 'every stop of Tab can be seen').toEqual('');
  }
  throw new Error(`${MAX_TABS} × ${key} did not reach ${target}; the focus is at ${await focused(page)}`);
}

export async function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === document.activeElement);
}

async function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? 'nothing');
}

/**
 * '' when the focus is in sight: an outline of two pixels or more on the element, on its label or beside it (drawn switches), on screen.
 * Otherwise which element it is. Leaving the page's end is nobody's fault.
 */
export async function focusShown(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return '';
    const outlined = (place: Element | null | undefined) => {
      if (!place) return false;
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(place);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && !/, 0\)$|transparent/.test(outlineColor);
    };
    const inSight = () => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
    };
    // Scrolling to it takes a frame or two.
    for (let frame = 0; frame < 30 && !inSight(); frame++) await new Promise(requestAnimationFrame);
    const shown = [element, element.nextElementSibling, element.closest('label')].some(outlined);
    return shown && inSight() ? '' : `${shown ? 'out of sight' : 'no outline'}: ${element.outerHTML.slice(0, 160)}`;
  });
}
