'use client';
import { useState, type ReactNode } from 'react';
import type { AbilityView } from '@/api/types.ts';
import { SelectField, TextField } from '@/components/ui/field.tsx';
import { strings } from '@/strings/index.ts';
import { withField, type StudioForm } from './studio-form.ts';

const s = strings.studio;
/** Forms that songs and dances commonly have. */
const COMMON = ['AABA', 'ABAB', 'AABB', 'ABA', 'ABACA', 'AAAA'];
const OWN = 'own';

interface FormFieldProps {
  readonly form: StudioForm;
  readonly ability: AbilityView;
  readonly onChange: (form: StudioForm) => void;
}

/** Sections of a piece: common ones to choose, or letters of one's own. */
export function FormField({ form, ability, onChange }: FormFieldProps): ReactNode {
  const letters = form.conditioning.form;
  const [own, setOwn] = useState(letters !== undefined && !COMMON.includes(letters));
  const set = (value: string): void => onChange(withField(form, 'form', value === '' ? undefined : value));
  return (
    <>
      <SelectField
        label={s.form}
        hint={ability.available ? undefined : strings.track.cannot(ability.reason ?? '')}
        disabled={!ability.available}
        value={own ? OWN : (letters ?? '')}
        options={[
          { value: '', label: s.forms.open },
          ...COMMON.map((value) => ({ value, label: value })),
          { value: OWN, label: s.forms.own },
        ]}
        onChange={({ target }) => {
          setOwn(target.value === OWN);
          if (target.value !== OWN) set(target.value);
        }}
      />
      {own ? (
        <TextField
          label={s.formOwn}
          hint={s.formHint}
          error={letters !== undefined && !fits(letters, form.bars) ? s.formError : undefined}
          value={letters ?? ''}
          maxLength={64}
          autoCapitalize="characters"
          onChange={({ target }) => set(target.value.toUpperCase())}
        />
      ) : null}
    </>
  );
}

function fits(letters: string, bars: number): boolean {
  return /^[A-H]+$/.test(letters) && letters.length <= bars;
}
