'use client';
import type { ReactNode } from 'react';
import type { ComposeOptions } from '@/api/types.ts';
import { SelectField, TextField, type Option } from '@/components/ui/field.tsx';
import { styleName } from '@/lib/describe.ts';
import { strings } from '@/strings/index.ts';
import { FormField } from './form-field.tsx';
import { RangeField } from './range-field.tsx';
import { InstrumentPicker } from './instrument-picker.tsx';
import { OpenSlider } from './open-slider.tsx';
import {
  amountWord,
  meterText,
  parseMeter,
  seedError,
  withField,
  withInstrument,
  type StudioForm,
} from './studio-form.ts';

interface StudioFieldsProps {
  readonly form: StudioForm;
  readonly options: ComposeOptions;
  readonly onChange: (form: StudioForm) => void;
}

const OPEN: Option = { value: '', label: strings.studio.open };
const s = strings.studio;
const MOODS = [
  { field: 'energy', label: s.energy, ends: s.energyEnds },
  { field: 'valence', label: s.valence, ends: s.valenceEnds },
  { field: 'tension', label: s.tension, ends: s.tensionEnds },
] as const;

/** Every control of the studio that suits the task, by group. */
export function StudioFields(props: StudioFieldsProps): ReactNode {
  return (
    <div className="flex flex-col gap-6">
      <Group title={s.groups.shape}>
        <ShapeFields {...props} />
      </Group>
      <Group title={s.groups.sound}>
        <SoundFields {...props} />
      </Group>
      <Group title={s.groups.mood}>
        {MOODS.map(({ field, label, ends }) => (
          <OpenSlider
            key={field}
            label={label}
            value={props.form.conditioning[field]}
            min={0}
            max={1}
            step={0.05}
            rest={0.5}
            text={amountWord}
            ends={ends}
            onChange={(value) => props.onChange(withField(props.form, field, value))}
          />
        ))}
      </Group>
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <section className="flex flex-col gap-4">
      <h2 className="border-b border-line pb-1 text-16">{title}</h2>
      {children}
    </section>
  );
}

function ShapeFields({ form, options, onChange }: StudioFieldsProps): ReactNode {
  const { conditioning } = form;
  return (
    <>
      <SelectField
        label={s.style}
        value={conditioning.style ?? ''}
        options={[
          OPEN,
          ...options.styles.map((style) => ({ value: style.value, label: styleName(style.value) })),
        ]}
        onChange={(event) => onChange(withField(form, 'style', event.target.value || undefined))}
      />
      {form.task === 'compose' ? <KeyFields form={form} options={options} onChange={onChange} /> : null}
      {form.task === 'compose' || form.task === 'continue' ? (
        <>
          <FormField form={form} ability={options.form} onChange={onChange} />
          <LengthSlider form={form} options={options} onChange={onChange} />
        </>
      ) : null}
      <TextField
        label={`${s.seed} (${strings.common.optional})`}
        hint={s.seedHint}
        inputMode="numeric"
        value={form.seed}
        error={seedError(form.seed) ?? undefined}
        onChange={({ target }) => onChange({ ...form, seed: target.value })}
      />
    </>
  );
}

/** What given music has of its own. */
function KeyFields({ form, options, onChange }: StudioFieldsProps): ReactNode {
  const { conditioning } = form;
  return (
    <>
      <div className="grid grid-cols-2 gap-4">
        <SelectField
          label={s.key}
          value={conditioning.tonic === undefined ? '' : String(conditioning.tonic)}
          options={[
            OPEN,
            ...options.tonics.map((tonic) => ({ value: String(tonic.value), label: tonic.label })),
          ]}
          onChange={({ target }) =>
            onChange(withField(form, 'tonic', target.value === '' ? undefined : Number(target.value)))
          }
        />
        <SelectField
          label={s.mode}
          value={conditioning.mode ?? ''}
          options={[OPEN, ...options.modes]}
          onChange={({ target }) =>
            onChange(
              withField(
                form,
                'mode',
                target.value === 'major' || target.value === 'minor' ? target.value : undefined,
              ),
            )
          }
        />
        <SelectField
          label={s.meter}
          value={conditioning.meter ? meterText(conditioning.meter) : ''}
          options={[OPEN, ...options.meters.map(meterText).map((text) => ({ value: text, label: text }))]}
          onChange={({ target }) => onChange(withField(form, 'meter', parseMeter(target.value)))}
        />
      </div>
      <OpenSlider
        label={s.tempo}
        value={conditioning.tempo}
        min={options.tempo.min}
        max={options.tempo.max}
        step={1}
        rest={Math.round((options.tempo.min + options.tempo.max) / 2)}
        text={s.tempoUnit}
        onChange={(value) => onChange(withField(form, 'tempo', value))}
      />
    </>
  );
}

function LengthSlider({ form, options, onChange }: StudioFieldsProps): ReactNode {
  const words = s.barsUnit(form.bars);
  return (
    <label className="flex flex-col">
      <span className="flex min-h-11 items-center justify-between font-medium">
        {s.bars}
        <span className="font-normal">{words}</span>
      </span>
      <input
        type="range"
        min={options.bars.min}
        max={options.bars.max}
        step={4}
        value={form.bars}
        aria-valuetext={words}
        onChange={({ target }) => onChange({ ...form, bars: Number(target.value) })}
        className="h-6 w-full"
      />
    </label>
  );
}

function SoundFields({ form, options, onChange }: StudioFieldsProps): ReactNode {
  const { min, max } = options.density;
  return (
    <>
      <InstrumentPicker
        options={options.instruments}
        chosen={form.conditioning.instruments ?? []}
        hint={
          form.task === 'accompany'
            ? s.addHint
            : form.task === 'reorchestrate'
              ? s.changeHint
              : s.instrumentsHint
        }
        open={form.task !== 'accompany' && form.task !== 'reorchestrate'}
        onToggle={(program, chosen) => onChange(withInstrument(form, program, chosen))}
      />
      <OpenSlider
        label={s.density}
        value={form.conditioning.density}
        min={min}
        max={max}
        step={(max - min) / 20}
        rest={(min + max) / 2}
        text={(value) => amountWord((value - min) / (max - min))}
        ends={s.densityEnds}
        onChange={(value) => onChange(withField(form, 'density', value))}
      />
      {form.task === 'reorchestrate' ? null : <RangeField form={form} onChange={onChange} />}
    </>
  );
}
