'use client';
import { useQuery } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import type { PianoRollData } from '@/api/types.ts';
import { SelectField } from '@/components/ui/field.tsx';
import { formatPercent } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { GapFields } from './gap-fields.tsx';
import type { StudioForm } from './studio-form.ts';
import { TrackPicker } from './track-picker.tsx';

const s = strings.studio;

interface SourceFieldsProps {
  readonly form: StudioForm;
  readonly roll: PianoRollData | null;
  readonly onChange: (form: StudioForm) => void;
}

/** The notes of the piece to start from; null while there is none, or while they are on their way. */
export function useSourceRoll(id: string | null): PianoRollData | null {
  const trpc = useTRPC();
  const detail = useQuery({ ...trpc.track.get.queryOptions({ id: id ?? '' }), enabled: id !== null });
  return id === null ? null : (detail.data?.roll ?? null);
}

/** The piece to start from, and what the task wants to know about it. */
export function SourceFields({ form, roll, onChange }: SourceFieldsProps): ReactNode {
  return (
    <>
      <TrackPicker
        label={s.source}
        chosen={form.sourceTrackId}
        takesAudio={false}
        onChoose={(sourceTrackId) => onChange({ ...form, sourceTrackId, gap: ['', ''] })}
      />
      {form.task === 'infill' && form.sourceTrackId ? (
        <GapFields form={form} roll={roll} onChange={onChange} />
      ) : null}
      {form.task === 'vary' ? <VaryFields form={form} onChange={onChange} /> : null}
    </>
  );
}

function VaryFields({ form, onChange }: Omit<SourceFieldsProps, 'roll'>): ReactNode {
  const id = useId();
  const words = s.keepUnit(formatPercent(form.keep));
  return (
    <>
      <div className="flex flex-col">
        <div className="flex min-h-11 items-center justify-between">
          <label htmlFor={id} className="font-medium">
            {s.keep}
          </label>
          <span>{words}</span>
        </div>
        <input
          id={id}
          type="range"
          min={0.1}
          max={0.9}
          step={0.1}
          value={form.keep}
          aria-valuetext={words}
          onChange={({ target }) => onChange({ ...form, keep: Number(target.value) })}
          className="h-6 w-full"
        />
      </div>
      <SelectField
        label={s.unit}
        value={form.unit}
        options={[
          { value: 'bars', label: s.units.bars },
          { value: 'notes', label: s.units.notes },
        ]}
        onChange={({ target }) => onChange({ ...form, unit: target.value === 'notes' ? 'notes' : 'bars' })}
      />
    </>
  );
}
