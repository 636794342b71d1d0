'use client';
import { Check } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { AddedLabel } from '@/api/labelling.ts';
import { Button } from '@/components/ui/button.tsx';
import { SelectField, TextField } from '@/components/ui/field.tsx';
import { styleName } from '@/lib/describe.ts';
import { strings } from '@/strings/index.ts';

const t = strings.admin.addedLabels;

interface LabelFormProps {
  readonly start: AddedLabel;
  readonly parents: readonly string[];
  /** What the button says. */
  readonly action: string;
  readonly busy: boolean;
  readonly error: string | undefined;
  /** True where it was taken. */
  readonly onSubmit: (label: AddedLabel) => Promise<boolean>;
  readonly onCancel?: () => void;
}

/** The name of an added label, and what it stands below. */
export function LabelForm({
  start,
  parents,
  action,
  busy,
  error,
  onSubmit,
  onCancel,
}: LabelFormProps): ReactNode {
  const [name, setName] = useState(start.name);
  const [parent, setParent] = useState(start.parent ?? '');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!name.trim()) return;
    const taken = await onSubmit({ name, parent: parent === '' ? null : parent });
    if (!taken) return;
    setName(start.name);
    setParent(start.parent ?? '');
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-2">
      <TextField
        label={t.name}
        hint={t.nameHint}
        error={error}
        value={name}
        maxLength={40}
        onChange={({ target }) => setName(target.value)}
      />
      <SelectField
        label={t.parent}
        hint={t.parentHint}
        value={parent}
        options={[
          { value: '', label: t.noParent },
          ...parents.map((value) => ({ value, label: styleName(value) })),
        ]}
        onChange={({ target }) => setParent(target.value)}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" disabled={busy}>
          <Check size={16} aria-hidden />
          {action}
        </Button>
        {onCancel ? (
          <Button tone="ghost" onClick={onCancel}>
            {strings.common.cancel}
          </Button>
        ) : null}
      </div>
    </form>
  );
}
