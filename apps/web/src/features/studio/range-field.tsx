'use client';
import type { ReactNode } from 'react';
import { SelectField } from '@/components/ui/field.tsx';
import { RANGES, rangeName } from '@/lib/ranges.ts';
import { strings } from '@/strings/index.ts';
import { withField, type StudioForm } from './studio-form.ts';

interface RangeFieldProps {
  readonly form: StudioForm;
  readonly onChange: (form: StudioForm) => void;
}

/** How low and high the music may go. */
export function RangeField({ form, onChange }: RangeFieldProps): ReactNode {
  const { range } = form.conditioning;
  return (
    <SelectField
      label={strings.studio.range}
      hint={strings.studio.rangeHint}
      value={range ? (rangeName(range) ?? '') : ''}
      options={[
        { value: '', label: strings.studio.rangeOpen },
        ...Object.keys(RANGES).map((name) => ({ value: name, label: strings.studio.ranges[name]! })),
      ]}
      onChange={({ target }) => onChange(withField(form, 'range', RANGES[target.value]))}
    />
  );
}
