'use client';
import type { ReactNode } from 'react';
import type { NamedOption } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';

const MOST = 8;

interface InstrumentPickerProps {
  readonly options: readonly NamedOption<number>[];
  readonly chosen: readonly number[];
  readonly hint: string;
  /** Whether none may be chosen: taste decides then. */
  readonly open: boolean;
  readonly onToggle: (program: number, chosen: boolean) => void;
}

/** Instruments as toggles. */
export function InstrumentPicker({
  options,
  chosen,
  hint,
  open,
  onToggle,
}: InstrumentPickerProps): ReactNode {
  const full = chosen.length >= MOST;
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 flex w-full items-baseline justify-between font-medium">
        {strings.studio.instruments}
        {open && chosen.length === 0 ? (
          <span className="text-12 font-normal text-quiet">{strings.studio.open}</span>
        ) : null}
      </legend>
      <p className="text-12 text-quiet">{hint}</p>
      <div className="flex max-h-56 flex-wrap gap-2 overflow-y-auto p-1">
        {options.map((option) => {
          const pressed = chosen.includes(option.value);
          return (
            <button
              key={option.value}
              type="button"
              aria-pressed={pressed}
              disabled={full && !pressed}
              onClick={() => onToggle(option.value, !pressed)}
              className="min-h-11 rounded-full border border-edge px-4 hover:bg-hover disabled:opacity-50 aria-pressed:border-accent aria-pressed:bg-accent aria-pressed:text-on-accent"
            >
              {option.label}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}
