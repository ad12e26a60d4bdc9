/**
 * The timeline as a picture file. Drawn on a canvas from the same rectangles and colours: the page's policy lets no image in that is not a file of
 * ours, so an SVG cannot be turned into one.
 */
import type { Category } from '../../../domain/agent-state.ts';
import type { TimeRange } from '../../../domain/history/ranges.ts';
import { rectsOf, ticksOf } from '../../../domain/history/timeline.ts';
import { t } from '../../../messages/words.ts';
import { HEIGHTS, OUTLINE, OUTLINED, oursPath, pathsOf } from '../../parts/bar-paths.ts';
import { categoryLabel } from '../../parts/category.ts';
import type { Lane } from '../../parts/lanes.ts';
import { keyEntries } from './key-entries.ts';
import { tickLabel } from './words.ts';

const WIDTH = 1600;
/** Twice as many dots: to be read on a slide and in print. */
const SCALE = 2;
const MARGIN = 32;
const NAMES = 200;
const LANE = 34;
const HEAD = 76;
const FOOT = 56;
/** How wide a sample in the key is. */
const SAMPLE = 24;
const PLOT = WIDTH - 2 * MARGIN - NAMES;

const TOKENS: Record<Category, string> = {
  available: '--available',
  working: '--working',
  acw: '--acw',
  unavailable: '--unavailable',
  loggedIn: '--away',
  loggedOut: '--away',
  unknown: '--unknown',
};

interface Ink {
  token: (name: string) => string;
  /** The pattern or colour of a state. */
  of: (category: Category) => string | CanvasPattern;
  font: string;
}

/** The colours the page has now, light or dark. */
function inkOf(context: CanvasRenderingContext2D): Ink {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const made = new Map<Category, string | CanvasPattern>();
  const of = (category: Category) => {
    let ink = made.get(category);
    if (ink === undefined) {
      const colour = token(TOKENS[category]);
      ink = category === 'acw' || category === 'unavailable' ? striped(context, colour, token('--paper'), category) : colour;
      made.set(category, ink);
    }
    return ink;
  };
  return { token, of, font: getComputedStyle(document.body).fontFamily };
}

function striped(
  context: CanvasRenderingContext2D,
  colour: string,
  paper: string,
  category: 'acw' | 'unavailable',
): string | CanvasPattern {
  const size = category === 'acw' ? 4 : 6;
  const tile = document.createElement('canvas');
  tile.width = size * SCALE;
  tile.height = size * SCALE;
  const on = tile.getContext('2d');
  if (!on) return colour;
  on.scale(SCALE, SCALE);
  on.fillStyle = paper;
  on.fillRect(0, 0, size, size);
  on.globalAlpha = 0.45;
  on.fillStyle = colour;
  on.fillRect(0, 0, size, size);
  on.globalAlpha = 1;
  if (category === 'acw') on.fillRect(0, 0, size / 2, size);
  else {
    on.strokeStyle = colour;
    on.lineWidth = 2.1;
    for (const shift of [-size, 0, size]) {
      on.beginPath();
      on.moveTo(shift - 1, size + 1);
      on.lineTo(shift + size + 1, -1);
      on.stroke();
    }
  }
  const pattern = context.createPattern(tile, 'repeat');
  pattern?.setTransform(new DOMMatrix().scale(1 / SCALE));
  return pattern ?? colour;
}

function drawLane(context: CanvasRenderingContext2D, lane: Lane, window: TimeRange, ink: Ink): void {
  const { rects } = rectsOf(lane.segments, window, PLOT);
  for (const { category, d } of pathsOf(rects, lane.segments)) stroke(context, category, new Path2D(d), ink);
  const ours = oursPath(rects, lane.segments);
  if (ours === '') return;
  context.save();
  context.translate(0, 13);
  strokeOurs(context, new Path2D(ours), ink);
  context.restore();
}

/** Beneath what is from our own record. */
function strokeOurs(context: CanvasRenderingContext2D, path: Path2D, ink: Ink): void {
  context.setLineDash([2, 2]);
  context.lineWidth = 1.5;
  context.strokeStyle = ink.token('--ink-3');
  context.stroke(path);
}

function stroke(context: CanvasRenderingContext2D, category: Category, path: Path2D, ink: Ink): void {
  const outlined = OUTLINED.includes(category);
  context.save();
  context.lineWidth = outlined ? OUTLINE : HEIGHTS[category];
  if (outlined) context.setLineDash(category === 'unknown' ? [4, 3] : [1.5, 2]);
  context.strokeStyle = ink.of(category);
  context.stroke(path);
  context.restore();
}

/** As much of the text as there is room for. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  const letters = [...text];
  while (letters.length > 0 && context.measureText(`${letters.join('')}…`).width > room) letters.pop();
  return `${letters.join('')}…`;
}

interface Picture {
  title: string;
  /** Beneath the title: range and zone. */
  note: string;
  lanes: readonly { name: string; lane: Lane }[];
  window: TimeRange;
  zone: string;
}

/** A PNG of what is in sight; null when the browser could not make one. */
export function pictureOf({ title, note, lanes, window, zone }: Picture): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  const height = HEAD + lanes.length * LANE + FOOT;
  canvas.width = WIDTH * SCALE;
  canvas.height = height * SCALE;
  const context = canvas.getContext('2d');
  if (!context) return Promise.resolve(null);
  const ink = inkOf(context);
  const write = (text: string, x: number, y: number, size: number, { bold = false, colour = '--ink' } = {}) => {
    context.font = `${bold ? 600 : 400} ${size}px ${ink.font}`;
    context.fillStyle = ink.token(colour);
    context.fillText(text, x, y);
  };
  context.scale(SCALE, SCALE);
  context.fillStyle = ink.token('--paper');
  context.fillRect(0, 0, WIDTH, height);
  write(title, MARGIN, 34, 18, { bold: true });
  const after = context.measureText(title).width;
  write(note, MARGIN + after + 12, 34, 13, { colour: '--ink-2' });

  const left = MARGIN + NAMES;
  const bottom = HEAD + lanes.length * LANE;
  context.textAlign = 'center';
  for (const { atMs, x, startsDay } of ticksOf(window, PLOT, zone)) {
    context.fillStyle = ink.token(startsDay ? '--line-2' : '--line');
    context.fillRect(left + x, HEAD - 6, 1, bottom - HEAD + 6);
    if (x >= 20 && x <= PLOT - 20)
      write(tickLabel({ atMs, startsDay }), left + x, HEAD - 12, 12, { bold: startsDay, colour: '--ink-2' });
  }
  context.textAlign = 'left';
  for (const [index, { name, lane }] of lanes.entries()) {
    const top = HEAD + index * LANE;
    context.fillStyle = ink.token('--line');
    context.fillRect(MARGIN, top, WIDTH - 2 * MARGIN, 1);
    context.font = `400 13px ${ink.font}`;
    write(fitted(context, name, NAMES - 16), MARGIN, top + LANE / 2 + 4, 13);
    context.save();
    context.beginPath();
    context.rect(left, top, PLOT, LANE);
    context.clip();
    context.translate(left, top + LANE / 2);
    drawLane(context, lane, window, ink);
    context.restore();
  }
  const { categories, ours } = keyEntries(lanes.map(({ lane }) => lane));
  let x = MARGIN;
  const explain = (label: string, draw: () => void) => {
    context.save();
    context.translate(x, bottom + 30);
    draw();
    context.restore();
    write(label, x + SAMPLE + 8, bottom + 34, 12, { colour: '--ink-2' });
    x += SAMPLE + 8 + context.measureText(label).width + 24;
  };
  for (const category of categories)
    explain(categoryLabel(category), () => {
      const rect = { x: 0, width: SAMPLE, first: 0, last: 0 };
      const [sample] = pathsOf(
        [rect],
        [{ category, stateName: '', reason: '', skill: '', fromMs: 0, toMs: 1, source: 'tenant', running: false, cut: false }],
      );
      if (sample) stroke(context, category, new Path2D(sample.d), ink);
    });
  if (ours) explain(t('history_source_seen'), () => strokeOurs(context, new Path2D(`M0 0h${SAMPLE}`), ink));
  return new Promise((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
}
