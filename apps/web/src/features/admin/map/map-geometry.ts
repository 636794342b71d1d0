/** Where the points of the map are on the screen, and which of them is meant. Sizes in CSS pixels. */

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface MapSize {
  readonly width: number;
  readonly height: number;
}

/** Which part of the map (−1 … 1 in both directions) is on view: its middle, and how often it is enlarged. */
export interface MapView {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export const WHOLE_MAP: MapView = { x: 0, y: 0, zoom: 1 };
const MARGIN = 16;
const MOST_ZOOM = 12;

/** Pixels for one unit of the map. */
function scaleOf({ width, height }: MapSize, { zoom }: MapView): number {
  return Math.max(1, Math.min(width, height) / 2 - MARGIN) * zoom || 1;
}

/** Up is up: the map's y grows upwards, the screen's downwards. */
export function toScreen(place: Place, size: MapSize, view: MapView): Place {
  const scale = scaleOf(size, view);
  return { x: size.width / 2 + (place.x - view.x) * scale, y: size.height / 2 - (place.y - view.y) * scale };
}

/** The index of the point nearest to a place on the screen, within `reach` pixels; null where there is none. */
export function pointAt(
  points: readonly Place[],
  at: Place,
  size: MapSize,
  view: MapView,
  reach: number,
): number | null {
  let best: number | null = null;
  let least = reach;
  points.forEach((point, index) => {
    const { x, y } = toScreen(point, size, view);
    const distance = Math.hypot(x - at.x, y - at.y);
    if (distance > least) return;
    least = distance;
    best = index;
  });
  return best;
}

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';
const VECTORS: Readonly<Record<Direction, Place>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
};

/** The next point in a direction: within 45° of it, the one that is least far off, way to the side counted twice. */
export function pointTowards(points: readonly Place[], from: number, direction: Direction): number | null {
  const start = points[from];
  if (!start) return points.length > 0 ? 0 : null;
  const towards = VECTORS[direction];
  let best: number | null = null;
  let least = Infinity;
  points.forEach((point, index) => {
    if (index === from) return;
    const [dx, dy] = [point.x - start.x, point.y - start.y];
    const along = dx * towards.x + dy * towards.y;
    const aside = Math.abs(dx * towards.y) + Math.abs(dy * towards.x);
    if (along <= 0 || aside > along) return;
    const cost = along + 2 * aside;
    if (cost < least) [best, least] = [index, cost];
  });
  return best;
}

/** The nearest other point that passes the test: where labelling goes on. */
export function nearestPoint(
  points: readonly Place[],
  from: number,
  passes: (index: number) => boolean,
): number | null {
  const start = points[from];
  if (!start) return null;
  let best: number | null = null;
  let least = Infinity;
  points.forEach((point, index) => {
    if (index === from || !passes(index)) return;
    const distance = Math.hypot(point.x - start.x, point.y - start.y);
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}

/** Enlarged by `factor`, the same middle; never smaller than the whole map. */
export function zoomMap(view: MapView, factor: number): MapView {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, view.zoom * factor));
  return zoom === 1 ? WHOLE_MAP : { ...view, zoom };
}

/** Moved by pixels, as a hand moves paper. */
export function dragMap(view: MapView, by: Place, size: MapSize): MapView {
  const scale = scaleOf(size, view);
  const clamp = (value: number): number => Math.max(-1, Math.min(1, value));
  return { ...view, x: clamp(view.x - by.x / scale), y: clamp(view.y + by.y / scale) };
}

/** The view with a point on it. */
export function showPoint(view: MapView, point: Place, size: MapSize): MapView {
  const { x, y } = toScreen(point, size, view);
  const isOn = x >= MARGIN && y >= MARGIN && x <= size.width - MARGIN && y <= size.height - MARGIN;
  return isOn ? view : { ...view, x: point.x, y: point.y };
}

export const SHAPES = ['circle', 'square', 'triangle', 'diamond'] as const;
export interface Mark {
  /** Index into the eight colours. */
  readonly colour: number;
  readonly shape: (typeof SHAPES)[number];
}
const COLOURS = 8;

/** Colour and shape of the n-th label: with more labels than colours, the shape tells them apart. */
export function markOf(index: number): Mark {
  return { colour: index % COLOURS, shape: SHAPES[Math.floor(index / COLOURS) % SHAPES.length]! };
}
