'use client';
import { useId, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { TextField } from '@/components/ui/field.tsx';
import { useKeys } from '@/features/shortcuts/shortcuts-provider.tsx';
import { styleName } from '@/lib/describe.ts';
import { strings } from '@/strings/index.ts';
import { findLabel } from './find-label.ts';
import { PICKER_KEY } from './label-keys.ts';

const t = strings.admin.picker;

interface LabelPickerProps {
  readonly labels: readonly string[];
  readonly onLabel: (label: string) => void;
}

/** Any label by its name, also one without a key: typed, set with Enter, and ready for the next. */
export function LabelPicker({ labels, onLabel }: LabelPickerProps): ReactNode {
  const list = useId();
  const form = useRef<HTMLFormElement>(null);
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string>();
  useKeys(({ key, focused }) => {
    if (focused.types || key !== PICKER_KEY) return false;
    form.current?.querySelector('input')?.focus();
    return true;
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!typed.trim()) return;
    const found = findLabel(labels, typed);
    if (found.kind === 'many') {
      setError(found.labels.length === 0 ? t.none(typed) : t.many(found.labels.map(styleName).join(', ')));
      return;
    }
    setTyped('');
    setError(undefined);
    onLabel(found.label);
  };
  return (
    <form ref={form} onSubmit={submit}>
      <TextField
        label={t.label}
        hint={t.hint}
        error={error}
        list={list}
        value={typed}
        autoComplete="off"
        enterKeyHint="done"
        onChange={({ target }) => {
          setTyped(target.value);
          setError(undefined);
        }}
      />
      <datalist id={list}>
        {labels.map((label) => (
          <option key={label} value={styleName(label)} />
        ))}
      </datalist>
    </form>
  );
}
