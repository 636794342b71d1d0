'use client';
import { Wand2 } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { strings } from '@/strings/index.ts';

interface OpenSliderProps {
  readonly label: string;
  /** undefined: left open. */
  readonly value: number | undefined;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Where the thumb waits while the field is open. */
  readonly rest: number;
  readonly text: (value: number) => string;
  readonly ends?: readonly string[];
  readonly onChange: (value: number | undefined) => void;
}

/** A slider that may be left open: moving it sets the value, the button gives it back to taste. */
export function OpenSlider({
  label,
  value,
  min,
  max,
  step,
  rest,
  text,
  ends,
  onChange,
}: OpenSliderProps): ReactNode {
  const id = useId();
  const open = value === undefined;
  const words = open ? strings.studio.open : text(value);
  return (
    <div className="flex flex-col">
      <div className="flex min-h-11 items-center justify-between gap-2">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {open ? (
          <span className="text-12 text-quiet">{words}</span>
        ) : (
          <button
            type="button"
            aria-label={strings.studio.decide(label)}
            onClick={() => onChange(undefined)}
            className="inline-flex min-h-11 items-center gap-2 rounded-md px-2 hover:bg-hover"
          >
            {words}
            <Wand2 size={16} className="text-accent" aria-hidden />
          </button>
        )}
      </div>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value ?? rest}
        aria-valuetext={words}
        onChange={(event) => onChange(Number(event.target.value))}
        className={open ? 'h-6 w-full opacity-60' : 'h-6 w-full'}
      />
      {ends ? (
        <div className="flex justify-between text-12 text-quiet" aria-hidden>
          <span>{ends[0]}</span>
          <span>{ends[1]}</span>
        </div>
      ) : null}
    </div>
  );
}
