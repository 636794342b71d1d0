'use client';
import { useRef, type PointerEvent, type ReactNode } from 'react';
import type { PianoRollData } from '@/api/types.ts';
import { TextField } from '@/components/ui/field.tsx';
import { RollCanvas } from '@/features/roll/roll-canvas.tsx';
import { barAt, wholeView } from '@/features/roll/geometry.ts';
import { strings } from '@/strings/index.ts';
import { gapOf, type StudioForm } from './studio-form.ts';

const s = strings.studio;

interface GapFieldsProps {
  readonly form: StudioForm;
  readonly roll: PianoRollData | null;
  readonly onChange: (form: StudioForm) => void;
}

/** The bars to fill: drawn over the piece, or as two numbers. */
export function GapFields({ form, roll, onChange }: GapFieldsProps): ReactNode {
  const [first, last] = form.gap;
  const setGap = (gap: StudioForm['gap']): void => onChange({ ...form, gap });
  const field = { inputMode: 'numeric', autoComplete: 'off' } as const;
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 font-medium">{s.gap}</legend>
      {roll ? (
        <BarStrip roll={roll} gap={gapOf(form)} onDraw={(a, b) => setGap([String(a), String(b)])} />
      ) : null}
      <div className="grid grid-cols-2 gap-4">
        <TextField
          label={s.gapFirst}
          {...field}
          value={first}
          onChange={({ target }) => setGap([target.value, last])}
        />
        <TextField
          label={s.gapLast}
          {...field}
          value={last}
          onChange={({ target }) => setGap([first, target.value])}
        />
      </div>
      {roll ? <p className="text-12 text-quiet">{s.gapHint(roll.bars.length)}</p> : null}
    </fieldset>
  );
}

interface BarStripProps {
  readonly roll: PianoRollData;
  readonly gap: readonly [number, number];
  readonly onDraw: (first: number, last: number) => void;
}

/** The piece as a picture; a drag over it marks bars. For the pointer alone: the number fields do the same. */
function BarStrip({ roll, gap, onDraw }: BarStripProps): ReactNode {
  const from = useRef<number | null>(null);
  const barUnder = (event: PointerEvent<HTMLDivElement>): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
    return Math.min(roll.bars.length, barAt(roll.bars, share * roll.seconds));
  };
  const draw = (event: PointerEvent<HTMLDivElement>): void => {
    if (from.current === null) return;
    const to = barUnder(event);
    onDraw(Math.min(from.current, to), Math.max(from.current, to));
  };
  return (
    <div
      aria-hidden
      onPointerDown={(event) => {
        from.current = barUnder(event);
        event.currentTarget.setPointerCapture(event.pointerId);
        draw(event);
      }}
      onPointerMove={draw}
      onPointerUp={() => {
        from.current = null;
      }}
      onPointerCancel={() => {
        from.current = null;
      }}
      className="relative h-24 cursor-col-resize touch-pan-y overflow-hidden rounded-md border border-line"
    >
      <RollCanvas roll={roll} view={wholeView(roll.seconds)} position={null} livePosition={null} />
      <GapMark roll={roll} gap={gap} />
    </div>
  );
}

function GapMark({ roll, gap: [first, last] }: Pick<BarStripProps, 'roll' | 'gap'>): ReactNode {
  const start = roll.bars[first - 1];
  if (start === undefined || !(last >= first)) return null;
  const end = roll.bars[last] ?? roll.seconds;
  const percent = (seconds: number): string => `${(100 * seconds) / Math.max(1e-3, roll.seconds)}%`;
  return (
    <div
      className="absolute inset-y-0 border-x-2 border-accent bg-accent/25"
      style={{ left: percent(start), width: percent(Math.max(0, end - start)) }}
    />
  );
}
