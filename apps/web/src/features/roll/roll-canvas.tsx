'use client';
import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import type { PianoRollData } from '@/api/types.ts';
import { drawPlayhead, drawStill, type Picture } from './draw.ts';
import { layOutRows, type View } from './geometry.ts';
import { prepare, usePalette, useSize } from './use-canvas.ts';

export interface RollCanvasProps {
  readonly roll: PianoRollData;
  readonly view: View;
  /** Seconds; null while the piece is not in the player. */
  readonly position: number | null;
  /** Set while playing: asked on every frame. */
  readonly livePosition: (() => number) | null;
  readonly onFrame?: (position: number) => void;
}

/** Draws the roll: what stands still once, the playhead over it on every frame. */
export function RollCanvas({ roll, view, position, livePosition, onFrame }: RollCanvasProps): ReactNode {
  const holder = useRef<HTMLDivElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const moving = useRef<HTMLCanvasElement>(null);
  const size = useSize(holder);
  const palette = usePalette(holder);
  const rows = useMemo(() => layOutRows(roll), [roll]);
  const picture = useMemo<Picture | null>(
    () => (size && palette ? { roll, rows, view, palette, ...size } : null),
    [roll, rows, view, palette, size],
  );

  useEffect(() => {
    if (still.current && picture) drawStill(prepare(still.current, picture), picture);
  }, [picture]);

  useEffect(() => {
    const canvas = moving.current;
    if (!canvas || !picture) return;
    const paint = (at: number | null): void => {
      const context = prepare(canvas, picture);
      context.clearRect(0, 0, picture.width, picture.height);
      if (at !== null) drawPlayhead(context, picture, at);
    };
    if (!livePosition) {
      paint(position);
      return;
    }
    let frame = requestAnimationFrame(function tick() {
      const at = livePosition();
      paint(at);
      onFrame?.(at);
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [picture, position, livePosition, onFrame]);

  return (
    <div ref={holder} className="relative size-full" aria-hidden>
      <canvas ref={still} className="absolute inset-0 size-full" />
      <canvas ref={moving} className="absolute inset-0 size-full" />
    </div>
  );
}
