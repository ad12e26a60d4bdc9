/** The History room as it is used: by keys and by mouse, sorted, filtered, saved as a picture; and an agent's day in the popup. */
import type { Locator, Page } from '@playwright/test';
import { formatDuration } from '../../src/domain/time.ts';
import type { Stretch } from '../tenant/histories.ts';
import { CALLED } from '../tenant/state-words.ts';
import { expect, test } from './support/fixtures.ts';
import { popup, watchEveryone } from './support/flows.ts';
import { idOf, isDone, plant, type Range, ready, room, SUBJECT, saved, spentIn, untilLoad } from './support/history.ts';
import { words, wordsIn } from './support/words.ts';

/** The picture file: everything twice as large as it is said here. */
const PICTURE = { scale: 2, width: 1600, plotLeft: 232, plotWidth: 1336, laneMiddle: 76 + 17 };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const longest = (stretches: readonly Stretch[], is: (stretch: Stretch) => boolean, until: number) =>
  stretches.filter(is).reduce((a, b) => ((b.untilMs ?? until) - b.sinceMs > (a.untilMs ?? until) - a.sinceMs ? b : a));
const middleOf = ({ sinceMs, untilMs = sinceMs }: Stretch) => (sinceMs + untilMs) / 2;
const partAt = (ms: number, { fromMs, toMs }: Range) => (ms - fromMs) / (toMs - fromMs);

/** What a lane's bars are drawn as: another text is another picture. */
const drawn = (lane: Locator) =>
  lane.locator('path').evaluateAll((paths) => paths.map((path) => path.getAttribute('d')).join(' '));

async function changes(lane: Locator, act: () => Promise<void>): Promise<void> {
  const before = await drawn(lane);
  await act();
  await expect.poll(() => drawn(lane)).not.toBe(before);
}

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error('It is not on screen.');
  return box;
}

/** The colour of a dot of the picture, and that of a token of the page. */
function colours(page: Page, png: Buffer, x: number, y: number, token: string): Promise<{ dot: number[]; token: number[] }> {
  return page.evaluate(
    async ({ bytes, x, y, token }) => {
      const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }));
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
      if (!context) throw new Error('no canvas');
      context.drawImage(image, 0, 0);
      const at = () => [...context.getImageData(x, y, 1, 1).data];
      const dot = at();
      context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(token).trim();
      context.fillRect(0, 0, image.width, image.height);
      return { dot, token: at() };
    },
    { bytes: [...png], x, y, token },
  );
}

test('keys, wheel and drag move the timeline; a stretch says its reason; the table is sorted and filtered; the picture is saved; the popup has the day', async ({
  extension,
  tenant,
}) => {
  const stretches = await plant(tenant, 300);
  const page = await ready(extension, tenant);
  await room.open(extension, page, idOf(tenant));
  await untilLoad(extension, isDone);
  await expect.poll(() => room.stretches(page)).toBe(1 + 300);
  const lane = page.getByRole('slider', { name: words('history_laneOf') });
  const whole = await drawn(lane);

  await test.step('the line that says "now" is on the plot, where the day ends', async () => {
    const [line, plot] = [await boxOf(page.locator('.now')), await boxOf(lane)];
    expect(line.x).toBeLessThanOrEqual(plot.x + plot.width);
    expect(line.x).toBeGreaterThan(plot.x + plot.width * 0.95);
  });

  await test.step('keys', async () => {
    await lane.focus();
    await changes(lane, () => page.keyboard.press('+'));
    await changes(lane, () => page.keyboard.press('Shift+ArrowLeft'));
    await changes(lane, () => page.keyboard.press('-'));
    await page.keyboard.press('0');
    await expect.poll(() => drawn(lane)).toBe(whole);
    // The first says where one is.
    await page.keyboard.press('End');
    await page.keyboard.press('End');
    await expect(lane).toHaveAttribute('aria-valuenow', '300');
    await expect(lane).toHaveAttribute('aria-valuetext', wordsIn('history_soFar'));
    await page.keyboard.press('Escape');
  });

  await test.step('the wheel with Ctrl, and dragging', async () => {
    await lane.hover();
    await page.keyboard.down('Control');
    await changes(lane, () => page.mouse.wheel(0, -400));
    await page.keyboard.up('Control');
    const { x, y, width, height } = await boxOf(lane);
    await changes(lane, async () => {
      await page.mouse.move(x + width / 2, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(x + width / 2 + 120, y + height / 2, { steps: 4 });
      await page.mouse.up();
    });
    await room.button(page, 'history_zoomWhole').click();
    await expect.poll(() => drawn(lane)).toBe(whole);
  });

  await test.step('the table', async () => {
    const head = page.getByRole('columnheader', { name: words('history_column_lasted') });
    await head.getByRole('button').click();
    await expect(head).toHaveAttribute('aria-sort', 'descending');
    const rows = room.table(page).locator('tr[data-index]');
    await expect(rows.first()).toContainText(CALLED[longest(stretches, () => true, Date.now()).state]);
    await head.getByRole('button').click();
    await expect(head).toHaveAttribute('aria-sort', 'ascending');
    await page.getByLabel(words('history_filter')).fill('Lunch');
    const lunches = stretches.filter(({ subState }) => subState === 'Lunch');
    expect(lunches.length).toBeGreaterThan(0);
    await expect.poll(() => room.stretches(page)).toBe(lunches.length);
    await expect(rows.filter({ hasNotText: 'Lunch' })).toHaveCount(0);
  });

  await test.step('a time to come cannot be chosen', async () => {
    await page.locator('.popover > button').nth(1).click();
    await page.getByLabel(words('history_ownFrom')).fill('2099-01-01T00:00');
    await page.getByLabel(words('history_ownTo')).fill('2099-01-02T00:00');
    await room.button(page, 'history_show').click();
    await expect(page.getByRole('alert')).toHaveText(words('history_ownToCome'));
    await page.keyboard.press('Escape');
  });

  // From here on a range whose ends are known to the millisecond.
  const toMs = Math.floor(Date.now() / MINUTE) * MINUTE;
  const range = { fromMs: toMs - DAY, toMs };
  await room.open(extension, page, idOf(tenant), range);
  await expect.poll(() => drawn(lane)).not.toBe(whole);

  await test.step('a stretch says its reason to the pointer', async () => {
    const rest = longest(stretches, ({ subState }) => subState !== null, toMs);
    // Moved again where the lane was drawn anew beneath a pointer at rest.
    await expect(async () => {
      await lane.scrollIntoViewIfNeeded();
      const { x, y, width, height } = await boxOf(lane);
      await page.mouse.move(x, y - 40);
      await page.mouse.move(x + partAt(middleOf(rest), range) * width, y + height / 3);
      await expect(page.getByRole('tooltip')).toContainText(rest.subState ?? '', { timeout: 1_000 });
      await expect(page.getByRole('tooltip')).toContainText(CALLED[rest.state], { timeout: 1_000 });
    }).toPass({ timeout: 15_000 });
  });

  await test.step('the picture is a PNG as wide as it should be, with the states where they were', async () => {
    const png = await saved(page, 'history_pngLong');
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    expect(png.readUInt32BE(16)).toBe(PICTURE.width * PICTURE.scale);
    const contact = longest(stretches, ({ state }) => state === 'ON_CONTACT', toMs);
    const x = Math.round((PICTURE.plotLeft + partAt(middleOf(contact), range) * PICTURE.plotWidth) * PICTURE.scale);
    const { dot, token } = await colours(page, png, x, PICTURE.laneMiddle * PICTURE.scale, '--working');
    expect(dot).toEqual(token);
    const free = longest(stretches, ({ state }) => state === 'READY', toMs);
    const there = Math.round((PICTURE.plotLeft + partAt(middleOf(free), range) * PICTURE.plotWidth) * PICTURE.scale);
    const other = await colours(page, png, there, PICTURE.laneMiddle * PICTURE.scale, '--available');
    expect(other.dot).toEqual(other.token);
    expect(other.dot).not.toEqual(dot);
  });

  await test.step('the popup says how the day was spent', async () => {
    await watchEveryone(extension);
    const small = await extension.openPopup();
    await popup.rows(small).filter({ hasText: SUBJECT }).click();
    const midnight = await small.evaluate(() => new Date().setHours(0, 0, 0, 0));
    const paused = spentIn(stretches, ['NOT_READY'], { fromMs: midnight, toMs: Date.now() });
    const day = small.getByRole('button', { name: wordsIn('history_todayOpen') });
    await expect(day).toHaveAttribute('aria-label', wordsIn('history_today'));
    if (paused > 0) await expect(day).toHaveAttribute('aria-label', new RegExp(`Unavailable ${formatDuration(paused)}\\b`));
  });
  expect(await extension.runtimeErrors()).toEqual([]);
});
