import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import { type Language, type Locale, languageOf } from '../domain/people.ts';
import { type Instant, milliseconds, secondsBetween } from '../domain/time.ts';
import { pictureTexts as texts } from '../messages/report.ts';
import { stepTitle } from '../messages/steps.ts';
import { showDuration } from '../messages/units.ts';
import { drawMark, markColours } from './shapes.ts';
import type { Stretch, Timeline } from './timeline.ts';

const [width, height] = [1600, 900];
const [left, right, top, bottom] = [500, 130, 190, 96];
const [ink, faint, grid] = ['#1f2328', '#5f6368', '#e3e6ea'];
const bars = { do: '#2f6fdb', undo: '#c4500a', open: '#9aa4b2' } as const;

interface Canvas {
  readonly context: SKRSContext2D;
  readonly locale: Locale;
  readonly family: string;
  readonly line: Timeline;
  /** Pixels from the left for an instant. */
  x(at: Instant): number;
}

/** What a picture is called at its head. */
export interface Titled {
  readonly title: string;
  readonly locale: Locale;
}

/**
 * The timeline as a PNG of 1600 by 900 pixels: a row a step, on one axis of UTC, with what people said above it. Drawn from
 * the timeline alone; the letters are of the fonts that the machine has. Without one for Chinese it speaks English.
 */
export function drawTimeline(line: Timeline, { title, locale: wanted }: Titled): Uint8Array {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const { family, locale } = fontFor(wanted);
  const span = Math.max(1, secondsBetween(line.from, line.to));
  const x = (at: Instant) => left + ((width - left - right) * secondsBetween(line.from, at)) / span;
  const drawn: Canvas = { context, locale, family, line, x };
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  head(drawn, locale === languageOf(wanted) ? title : title.replaceAll(/[^\x20-\x7e·]/g, ''));
  axis(drawn);
  downtime(drawn);
  rows(drawn);
  marks(drawn);
  legend(drawn);
  return new Uint8Array(canvas.toBuffer('image/png'));
}

const latin = ['Noto Sans', 'DejaVu Sans', 'Liberation Sans', 'Roboto', 'Arial'];
const chinese = /^(Noto Sans (CJK|Mono CJK)? ?(TC|HK|SC|JP)|Noto Sans TC|Source Han Sans|WenQuanYi)/;

/** English where no font has Chinese: boxes tell nobody anything. */
function fontFor(wanted: Locale): { readonly family: string; readonly locale: Language } {
  const all = GlobalFonts.families.map(({ family }) => family).sort();
  const cjk = all.find((family) => /CJK TC$/.test(family)) ?? all.find((family) => chinese.test(family));
  if (languageOf(wanted) === 'zh-TW' && cjk) return { family: cjk, locale: 'zh-TW' };
  return { family: latin.find((family) => all.includes(family)) ?? cjk ?? all[0] ?? 'sans-serif', locale: 'en' };
}

const font = ({ family }: Canvas, size: number, weight = '400') => `${weight} ${size}px "${family}"`;

function write(
  canvas: Canvas,
  text: string,
  x: number,
  y: number,
  style: {
    readonly size: number;
    readonly colour?: string;
    readonly weight?: string;
    readonly align?: CanvasTextAlign;
  },
): void {
  const { context } = canvas;
  context.font = font(canvas, style.size, style.weight);
  context.fillStyle = style.colour ?? ink;
  context.textAlign = style.align ?? 'left';
  context.textBaseline = 'middle';
  context.fillText(text, x, y);
}
type CanvasTextAlign = SKRSContext2D['textAlign'];

function fitting(canvas: Canvas, text: string, size: number, most: number): string {
  const { context } = canvas;
  context.font = font(canvas, size);
  if (context.measureText(text).width <= most) return text;
  const letters = [...text];
  while (letters.length > 1 && context.measureText(`${letters.join('')}…`).width > most) letters.pop();
  return `${letters.join('')}…`;
}

function head(canvas: Canvas, title: string): void {
  const { line, locale } = canvas;
  write(canvas, fitting(canvas, title, 34, width - 80), 40, 50, { size: 34, weight: '600' });
  const took = showDuration(secondsBetween(line.from, line.to), locale);
  write(canvas, texts.span(locale, { day: line.from.slice(0, 10), took }), 40, 96, { size: 22, colour: faint });
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 604_800];

function axis(canvas: Canvas): void {
  const { context, line } = canvas;
  const span = secondsBetween(line.from, line.to);
  const every = steps.find((one) => span / one <= 8) ?? Math.ceil(span / 8);
  const first = Math.ceil(milliseconds(line.from) / 1000 / every) * every;
  for (let at = first; at * 1000 <= milliseconds(line.to); at += every) {
    const when = new Date(at * 1000).toISOString();
    const x = canvas.x(when);
    context.fillStyle = grid;
    context.fillRect(x - 0.5, top - 16, 1, height - top - bottom + 16);
    const text = every < 60 ? when.slice(11, 19) : every >= 86_400 ? when.slice(5, 10) : when.slice(11, 16);
    write(canvas, text, x, height - bottom + 20, { size: 18, colour: faint, align: 'center' });
  }
  write(canvas, 'UTC', width - 40, height - bottom + 20, { size: 18, colour: faint, align: 'right' });
}

function downtime(canvas: Canvas): void {
  const { context, line, locale } = canvas;
  if (!line.down) return;
  const [from, to] = [canvas.x(line.down.from), canvas.x(line.down.to)];
  context.fillStyle = '#fbe3e1';
  context.fillRect(from, top - 16, Math.max(3, to - from), height - top - bottom + 16);
  context.fillStyle = markColours.failed;
  context.fillRect(from, top - 20, Math.max(3, to - from), 4);
  const took = showDuration(secondsBetween(line.down.from, line.down.to), locale);
  const middle = Math.min(Math.max((from + to) / 2, left + 110), width - 150);
  const style = { size: 20, colour: markColours.failed, weight: '600', align: 'center' } as const;
  write(canvas, texts.downtime(locale, { took }), middle, top - 36, style);
}

function rows(canvas: Canvas): void {
  const { line, locale, context } = canvas;
  const ids = [...new Set(line.stretches.map(({ step }) => step))];
  const each = Math.min(44, (height - top - bottom) / Math.max(1, ids.length));
  const size = Math.max(11, Math.min(21, each * 0.68));
  for (const [index, id] of ids.entries()) {
    const middle = top + each * (index + 0.5);
    const label = fitting(canvas, stepTitle(locale, id), size, left - 70);
    write(canvas, label, left - 20, middle, { size, align: 'right' });
    context.fillStyle = grid;
    context.fillRect(left, middle + each / 2 - 0.5, width - left - right, 1);
    for (const stretch of line.stretches.filter(({ step }) => step === id)) bar(canvas, stretch, middle, each, size);
  }
}

function bar(canvas: Canvas, stretch: Stretch, middle: number, each: number, size: number): void {
  const { context, line, locale } = canvas;
  const { direction, from, to = line.to, failedAt } = stretch;
  const thick = each * 0.56;
  const [begins, ends] = [canvas.x(from), Math.max(canvas.x(from) + 5, canvas.x(to))];
  const colour = stretch.to === undefined ? bars.open : bars[direction];
  // What was taken back is drawn hollow.
  context.lineWidth = 3;
  context.strokeStyle = colour;
  context.fillStyle = direction === 'undo' ? '#ffffff' : colour;
  context.fillRect(begins, middle - thick / 2, ends - begins, thick);
  if (direction === 'undo')
    context.strokeRect(begins + 1.5, middle - thick / 2 + 1.5, Math.max(1, ends - begins - 3), thick - 3);
  for (const at of failedAt) drawMark(context, 'failed', canvas.x(at), middle, thick * 0.4);
  const alone = line.stretches.findLast(({ step }) => step === stretch.step) === stretch;
  if (alone) {
    const took = showDuration(secondsBetween(from, to), locale);
    const after = failedAt.length > 0 ? thick * 0.5 + 8 : 8;
    write(canvas, took, ends + after, middle, { size: Math.min(17, size), colour: faint });
  }
}

function marks(canvas: Canvas): void {
  const { context, line } = canvas;
  let before = Number.NEGATIVE_INFINITY;
  for (const { kind, at } of line.marks) {
    const x = canvas.x(at);
    context.fillStyle = `${markColours[kind]}55`;
    context.fillRect(x - 1, top - 56, 2, height - top - bottom + 56);
    // Those that fall together stand beside each other.
    const stands = Math.max(x, before + 22);
    drawMark(context, kind, stands, top - 66, 8);
    before = stands;
  }
}

function legend(canvas: Canvas): void {
  const { line, locale, context } = canvas;
  const y = height - 34;
  let x = 40;
  const said = (text: string) => {
    write(canvas, text, x + 24, y, { size: 18, colour: faint });
    x += 24 + context.measureText(text).width + 34;
  };
  const failures = line.stretches.some(({ failedAt }) => failedAt.length > 0);
  for (const kind of [...new Set(line.marks.map((mark) => mark.kind)), ...(failures ? (['failed'] as const) : [])]) {
    drawMark(context, kind, x + 8, y, 8);
    said(texts.marks[kind](locale));
  }
  if (line.stretches.some(({ direction }) => direction === 'undo')) {
    context.strokeStyle = bars.undo;
    context.lineWidth = 3;
    context.strokeRect(x, y - 8, 16, 16);
    said(texts.takenBack(locale));
  }
  if (line.stretches.some(({ to }) => to === undefined)) {
    context.fillStyle = bars.open;
    context.fillRect(x, y - 8, 16, 16);
    said(texts.noOutcome(locale));
  }
}
