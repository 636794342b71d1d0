'use client';
import { useMemo, type ReactNode } from 'react';
import type { PianoRollData } from '@/api/types.ts';
import { wholeView } from './geometry.ts';
import { RollCanvas } from './roll-canvas.tsx';

interface LiveRollProps {
  readonly roll: PianoRollData;
  /** Bars there will be in the end: the picture keeps its scale while it fills. */
  readonly bars: number;
}

/** A piece while it is being written. Progress is told in words beside it, so the picture itself is silent. */
export function LiveRoll({ roll, bars }: LiveRollProps): ReactNode {
  const view = useMemo(() => {
    const written = Math.max(1, roll.bars.length);
    return wholeView((roll.seconds / written) * Math.max(bars, written));
  }, [roll, bars]);
  return <RollCanvas roll={roll} view={view} position={null} livePosition={null} />;
}
