'use client';
import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import type { PianoRollData } from '@/api/types.ts';
import { formatTime } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { barAt, stepBars, xToTime } from './geometry.ts';
import { useWheel, type RollView } from './use-roll-view.ts';

interface RollSurfaceProps {
  readonly roll: PianoRollData;
  readonly view: RollView;
  readonly position: number;
  readonly onSeek: (seconds: number) => void;
  readonly children: ReactNode;
}

/** A pointer that moved less than this has clicked, not dragged. */
const CLICK_SLOP = 4;
const ZOOM_STEP = 1.5;

/**
 * What makes the drawing a control: a slider over time for the keyboard and for screen readers (arrows step by
 * bars), click to seek, drag and wheel to pan and zoom.
 */
export function RollSurface({ roll, view, position, onSeek, children }: RollSurfaceProps): ReactNode {
  const surface = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; moved: boolean } | null>(null);
  useWheel(surface, view);

  const press = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    drag.current = { x: event.clientX, moved: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    const from = drag.current;
    if (!from) return;
    const by = event.clientX - from.x;
    if (!from.moved && Math.abs(by) < CLICK_SLOP) return;
    drag.current = { x: event.clientX, moved: true };
    view.pan((-by / event.currentTarget.clientWidth) * view.view.span);
  };
  const release = (event: PointerEvent<HTMLDivElement>): void => {
    const clicked = drag.current && !drag.current.moved;
    drag.current = null;
    if (!clicked) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    onSeek(xToTime(view.view, width, event.clientX - left));
  };

  const step = (event: KeyboardEvent<HTMLDivElement>): void => {
    const target = seekTarget(event.key, roll, position);
    if (target !== null) onSeek(target);
    else if (event.key === '+' || event.key === '=') view.zoom(1 / ZOOM_STEP, position);
    else if (event.key === '-') view.zoom(ZOOM_STEP, position);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={surface}
      role="slider"
      tabIndex={0}
      aria-label={strings.roll.position}
      aria-valuemin={0}
      aria-valuemax={Math.round(roll.seconds)}
      aria-valuenow={Math.round(position)}
      aria-valuetext={strings.roll.barText(barAt(roll.bars, position), formatTime(position))}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={() => {
        drag.current = null;
      }}
      onKeyDown={step}
      className="size-full cursor-crosshair touch-pan-y rounded-md"
    >
      {children}
    </div>
  );
}

function seekTarget(key: string, roll: PianoRollData, position: number): number | null {
  if (key === 'ArrowRight' || key === 'ArrowUp') return stepBars(roll.bars, position, 1);
  if (key === 'ArrowLeft' || key === 'ArrowDown') return stepBars(roll.bars, position, -1);
  if (key === 'PageUp') return stepBars(roll.bars, position, 4);
  if (key === 'PageDown') return stepBars(roll.bars, position, -4);
  if (key === 'Home') return 0;
  if (key === 'End') return roll.bars.at(-1) ?? 0;
  return null;
}
