import type { SKRSContext2D } from '@napi-rs/canvas';
import type { MarkKind } from './timeline.ts';

/** Every mark has a shape of its own: colour never carries a meaning alone. */
export const markColours: Readonly<Record<MarkKind | 'failed', string>> = {
  requested: '#5f6368',
  planned: '#5f6368',
  approved: '#1a7f37',
  denied: '#b3261e',
  asked: '#6f42c1',
  parked: '#9a6700',
  'turned-back': '#c4500a',
  failed: '#b3261e',
  closed: '#1f2328',
};

/** Draws a mark around a point; `size` is half its width, in pixels. */
export function drawMark(context: SKRSContext2D, kind: MarkKind | 'failed', x: number, y: number, size: number): void {
  context.save();
  context.translate(x, y);
  context.strokeStyle = markColours[kind];
  context.fillStyle = markColours[kind];
  context.lineWidth = Math.max(2, size / 3);
  context.beginPath();
  paths[kind](context, size);
  context.restore();
}

const line = (context: SKRSContext2D, ...points: readonly (readonly [number, number])[]) => {
  for (const [index, [x, y]] of points.entries()) index === 0 ? context.moveTo(x, y) : context.lineTo(x, y);
};

const cross = (context: SKRSContext2D, size: number) => {
  line(context, [-size, -size], [size, size]);
  line(context, [-size, size], [size, -size]);
  context.stroke();
};

const paths: Readonly<Record<MarkKind | 'failed', (context: SKRSContext2D, size: number) => void>> = {
  requested(context, size) {
    context.arc(0, 0, size, 0, 2 * Math.PI);
    context.fill();
  },
  planned(context, size) {
    context.arc(0, 0, size, 0, 2 * Math.PI);
    context.stroke();
  },
  approved(context, size) {
    line(context, [-size, 0], [-size / 4, size], [size, -size]);
    context.stroke();
  },
  denied: cross,
  failed: cross,
  asked(context, size) {
    line(context, [0, -size], [size, size], [-size, size]);
    context.closePath();
    context.fill();
  },
  parked(context, size) {
    context.fillRect(-size, -size, size * 0.7, size * 2);
    context.fillRect(size * 0.3, -size, size * 0.7, size * 2);
  },
  'turned-back'(context, size) {
    line(context, [size, -size], [-size, 0], [size, size]);
    context.closePath();
    context.fill();
  },
  closed(context, size) {
    line(context, [0, -size], [size, 0], [0, size], [-size, 0]);
    context.closePath();
    context.fill();
  },
};
