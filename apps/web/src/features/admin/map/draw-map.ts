import type { Palette } from '@/features/roll/draw.ts';
import { toScreen, type MapSize, type MapView, type Mark, type Place } from './map-geometry.ts';

export interface MapDot extends Place {
  readonly mark: Mark;
  /** Not meant by the filters: drawn small and pale. */
  readonly dim: boolean;
  /** A person labelled it: drawn with a ring. */
  readonly labelled: boolean;
}

export interface MapPicture extends MapSize {
  readonly dots: readonly MapDot[];
  readonly view: MapView;
  readonly palette: Palette;
  readonly chosen: number | null;
}

const RADIUS = 5;
const SMALL = 3;

/** The dots, dim ones below; the chosen one last, with a frame. */
export function drawMap(context: CanvasRenderingContext2D, picture: MapPicture): void {
  const { dots, view, palette, chosen, width, height } = picture;
  context.clearRect(0, 0, width, height);
  const draw = (dot: MapDot): void => {
    const { x, y } = toScreen(dot, picture, view);
    context.globalAlpha = dot.dim ? 0.25 : 0.9;
    context.fillStyle = palette.instruments[dot.mark.colour]!;
    trace(context, dot.mark.shape, x, y, dot.dim ? SMALL : RADIUS);
    context.fill();
    if (!dot.labelled) return;
    context.strokeStyle = palette.ink;
    context.lineWidth = 1.5;
    context.stroke();
  };
  for (const dot of dots) if (dot.dim) draw(dot);
  for (const dot of dots) if (!dot.dim) draw(dot);
  context.globalAlpha = 1;
  const dot = chosen === null ? undefined : dots[chosen];
  if (!dot) return;
  draw({ ...dot, dim: false });
  const { x, y } = toScreen(dot, picture, view);
  context.globalAlpha = 1;
  context.strokeStyle = palette.accent;
  context.lineWidth = 3;
  context.strokeRect(x - RADIUS - 5, y - RADIUS - 5, 2 * RADIUS + 10, 2 * RADIUS + 10);
}

function trace(
  context: CanvasRenderingContext2D,
  shape: Mark['shape'],
  x: number,
  y: number,
  r: number,
): void {
  context.beginPath();
  switch (shape) {
    case 'circle':
      return context.arc(x, y, r, 0, 2 * Math.PI);
    case 'square':
      return context.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
    case 'triangle':
      context.moveTo(x, y - 1.2 * r);
      context.lineTo(x + 1.1 * r, y + 0.8 * r);
      context.lineTo(x - 1.1 * r, y + 0.8 * r);
      break;
    case 'diamond':
      context.moveTo(x, y - 1.3 * r);
      context.lineTo(x + 1.1 * r, y);
      context.lineTo(x, y + 1.3 * r);
      context.lineTo(x - 1.1 * r, y);
      break;
  }
  context.closePath();
}
