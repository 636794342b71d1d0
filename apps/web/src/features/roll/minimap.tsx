'use client';
import { useRef, type PointerEvent, type ReactNode } from 'react';
import type { PianoRollData } from '@/api/types.ts';
import { wholeView, type View } from './geometry.ts';
import { RollCanvas } from './roll-canvas.tsx';

interface MinimapProps {
  readonly roll: PianoRollData;
  readonly view: View;
  readonly position: number | null;
  readonly onShow: (from: number) => void;
}

/** The whole piece, with the part on view framed; dragging moves the frame. The keyboard moves the roll itself. */
export function Minimap({ roll, view, position, onShow }: MinimapProps): ReactNode {
  const held = useRef(false);
  const whole = wholeView(roll.seconds);
  const show = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    onShow(((event.clientX - left) / width) * whole.span - view.span / 2);
  };
  return (
    <div
      aria-hidden
      className="relative h-10 cursor-grab touch-none overflow-hidden rounded-sm border border-line bg-panel"
      onPointerDown={(event) => {
        held.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        show(event);
      }}
      onPointerMove={(event) => {
        if (held.current) show(event);
      }}
      onPointerUp={() => {
        held.current = false;
      }}
    >
      <RollCanvas roll={withoutBars(roll)} view={whole} position={position} livePosition={null} />
      <div
        className="absolute inset-y-0 border-2 border-accent"
        style={{ left: `${(view.from / whole.span) * 100}%`, width: `${(view.span / whole.span) * 100}%` }}
      />
    </div>
  );
}

const bare = new WeakMap<PianoRollData, PianoRollData>();

/** The same piece without bar lines, which would only be noise at this size; the same object for the same piece. */
function withoutBars(roll: PianoRollData): PianoRollData {
  const known = bare.get(roll) ?? { ...roll, bars: [] };
  bare.set(roll, known);
  return known;
}
