'use client';
import { useQuery } from '@tanstack/react-query';
import { Heart } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import type { RatingValue, SampleSetting, SamplerView } from '@/api/types.ts';
import { Button } from '@/components/ui/button.tsx';
import { SelectField, TextField } from '@/components/ui/field.tsx';
import { TrackPicker } from '@/features/studio/track-picker.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { chosenOf, MOST_PIECES, settingName, withLiked, type SampleForm } from './sample-form.ts';

const s = strings.others;
/** A slider of more steps than this cannot be set by hand: it becomes a number to type. */
const MOST_STEPS = 200;

interface SampleFieldsProps {
  readonly sampler: SamplerView;
  readonly form: SampleForm;
  readonly onChange: (form: SampleForm) => void;
}

/** The inputs and settings of one kind of model, as it declares them. */
export function SampleFields({ sampler, form, onChange }: SampleFieldsProps): ReactNode {
  return (
    <>
      {sampler.inputs.most > 0 ? <InputFields sampler={sampler} form={form} onChange={onChange} /> : null}
      {sampler.settings.map((setting) => (
        <SettingField
          key={setting.name}
          setting={setting}
          value={form.settings[setting.name] ?? setting.default}
          onChange={(value) => onChange({ ...form, settings: { ...form.settings, [setting.name]: value } })}
        />
      ))}
      <SettingField
        setting={{
          kind: 'number',
          name: s.count,
          summary: '',
          min: 1,
          max: MOST_PIECES,
          step: 1,
          default: 1,
        }}
        value={form.count}
        onChange={(count) => onChange({ ...form, count: Number(count) })}
      />
    </>
  );
}

function InputFields({ sampler, form, onChange }: SampleFieldsProps): ReactNode {
  const { fewest, most, kind } = sampler.inputs;
  const liked = useLiked(kind !== 'score');
  // One place more than is filled: the others would only be in the way.
  const shown = Math.min(most, Math.max(fewest, form.sources.findLastIndex((id) => id !== null) + 2));
  return (
    <section className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium">{s.inputs(fewest, most)}</h3>
        <Button
          disabled={liked.length === 0}
          title={liked.length === 0 ? s.likedNone : undefined}
          onClick={() => onChange(withLiked(sampler, form, liked))}
        >
          <Heart size={16} aria-hidden />
          {most > 2 && chosenOf(form).length > 0 ? s.towards : s.liked}
        </Button>
      </div>
      {form.sources.slice(0, shown).map((id, i) => (
        <TrackPicker
          key={i}
          label={s.inputNumber(i + 1)}
          chosen={id}
          takesAudio={kind !== 'score'}
          onChoose={(next) =>
            onChange({ ...form, sources: form.sources.map((old, j) => (j === i ? next : old)) })
          }
        />
      ))}
    </section>
  );
}

/** Ids of tracks rated three stars or better, the best first. */
function useLiked(takesAudio: boolean): string[] {
  const trpc = useTRPC();
  const ratings = useQuery(trpc.rating.list.queryOptions());
  return (ratings.data ?? [])
    .filter(({ track, value }) => likingOf(value) >= 3 && (takesAudio || track.kind === 'score'))
    .sort((a, b) => likingOf(b.value) - likingOf(a.value))
    .map(({ track }) => track.id);
}

function likingOf(value: RatingValue): number {
  return typeof value === 'number' ? value : value === 'more-like-this' ? 6 : 0;
}

interface SettingFieldProps {
  readonly setting: SampleSetting;
  readonly value: number | string;
  readonly onChange: (value: number | string) => void;
}

function SettingField({ setting, value, onChange }: SettingFieldProps): ReactNode {
  const id = useId();
  const label = settingName(setting.name);
  if (setting.kind === 'choice') {
    return (
      <SelectField
        label={label}
        hint={setting.summary}
        value={String(value)}
        options={setting.choices.map((choice) => ({ value: choice, label: choice }))}
        onChange={({ target }) => onChange(target.value)}
      />
    );
  }
  const { min, max, step } = setting;
  if ((max - min) / step > MOST_STEPS) {
    return (
      <TextField
        label={label}
        hint={setting.summary}
        type="number"
        min={min}
        max={max}
        step={step}
        required
        value={value}
        onChange={({ target }) => onChange(target.value === '' ? '' : Number(target.value))}
      />
    );
  }
  return (
    <div className="flex flex-col">
      <div className="flex min-h-11 items-center justify-between">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <span className="tabular-nums">{value}</span>
      </div>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={Number(value)}
        aria-describedby={setting.summary ? `${id}-hint` : undefined}
        onChange={({ target }) => onChange(Number(target.value))}
        className="h-6 w-full"
      />
      {setting.summary ? (
        <p id={`${id}-hint`} className="text-12 text-quiet">
          {setting.summary}
        </p>
      ) : null}
    </div>
  );
}
