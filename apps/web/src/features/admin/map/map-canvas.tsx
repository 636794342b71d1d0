'use client';
import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import {
  useEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { IconButton } from '@/components/ui/button.tsx';
import { prepare, usePalette, useSize } from '@/features/roll/use-canvas.ts';
import { strings } from '@/strings/index.ts';
import { drawMap, type MapDot } from './draw-map.ts';
import {
  dragMap,
  pointAt,
  pointTowards,
  showPoint,
  WHOLE_MAP,
  zoomMap,
  type Direction,
  type Place,
} from './map-geometry.ts';

const t = strings.admin.map;
const REACH = 14;
const STEP = 1.5;
/** Less movement than this is a click. */
const CLICK = 4;
const ARROWS: readonly string[] = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] satisfies Direction[];

interface MapCanvasProps {
  readonly dots: readonly MapDot[];
  readonly chosen: number | null;
  /** What the chosen point is, for a screen reader. */
  readonly spoken: string;
  readonly onChoose: (index: number) => void;
}

/** The map: pressed, dragged, zoomed; by keyboard the arrows walk from point to point. */
export function MapCanvas({ dots, chosen, spoken, onChoose }: MapCanvasProps): ReactNode {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(holder);
  const palette = usePalette(holder);
  const [view, setView] = useState(WHOLE_MAP);
  const held = useRef<{ readonly start: Place; last: Place } | null>(null);
  const picture = useMemo(
    () => (size && palette ? { dots, view, palette, chosen, ...size } : null),
    [dots, view, palette, chosen, size],
  );
  useEffect(() => {
    if (canvas.current && picture) drawMap(prepare(canvas.current, picture), picture);
  }, [picture]);

  const choose = (index: number | null): void => {
    const dot = index === null ? undefined : dots[index];
    if (index === null || !dot || !size) return;
    setView((before) => showPoint(before, dot, size));
    onChoose(index);
  };
  const press = (event: KeyboardEvent): void => {
    if (ARROWS.includes(event.key)) choose(pointTowards(dots, chosen ?? -1, event.key as Direction));
    else if (event.key === '+' || event.key === '=') setView((before) => zoomMap(before, STEP));
    else if (event.key === '-') setView((before) => zoomMap(before, 1 / STEP));
    else return;
    event.preventDefault();
  };
  const at = (event: PointerEvent): Place => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const drag = (event: PointerEvent): void => {
    if (!held.current || !size) return;
    const now = at(event);
    const { last } = held.current;
    setView((before) => dragMap(before, { x: now.x - last.x, y: now.y - last.y }, size));
    held.current.last = now;
  };
  const release = (event: PointerEvent): void => {
    const from = held.current?.start;
    held.current = null;
    const to = at(event);
    if (!from || !size || Math.hypot(to.x - from.x, to.y - from.y) > CLICK) return;
    choose(pointAt(dots, to, size, view, REACH));
  };

  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div
        ref={holder}
        role="application"
        tabIndex={0}
        aria-label={t.label(dots.length)}
        aria-describedby="map-help map-chosen"
        onKeyDown={press}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          held.current = { start: at(event), last: at(event) };
        }}
        onPointerMove={drag}
        onPointerUp={release}
        className="relative h-[min(520px,60dvh)] cursor-crosshair touch-pan-y rounded-md border border-line bg-panel"
      >
        <canvas ref={canvas} aria-hidden className="absolute inset-0 size-full" />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <IconButton label={t.zoomIn} hotkey="+" onClick={() => setView((before) => zoomMap(before, STEP))}>
          <ZoomIn size={20} aria-hidden />
        </IconButton>
        <IconButton
          label={t.zoomOut}
          hotkey="−"
          onClick={() => setView((before) => zoomMap(before, 1 / STEP))}
        >
          <ZoomOut size={20} aria-hidden />
        </IconButton>
        <IconButton label={t.fit} onClick={() => setView(WHOLE_MAP)}>
          <Maximize size={20} aria-hidden />
        </IconButton>
        <p id="map-help" className="min-w-0 flex-1 text-12 text-quiet">
          {t.help}
        </p>
      </div>
      <p id="map-chosen" aria-live="polite" className="sr-only">
        {spoken}
      </p>
    </div>
  );
}
