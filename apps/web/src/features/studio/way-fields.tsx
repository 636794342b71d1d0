'use client';
import { useId, useSyncExternalStore, type ReactNode } from 'react';
import { canCompose } from '@/features/device/device-composer.ts';
import { ROUGH_BYTES } from '@/features/device/model-files.ts';
import { formatBytes } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import type { StudioForm } from './studio-form.ts';

const s = strings.studio;

interface WayFieldsProps {
  readonly form: StudioForm;
  readonly onChange: (form: StudioForm) => void;
}

/** Where a piece is written, and whether it is heard meanwhile. */
export function WayFields({ form, onChange }: WayFieldsProps): ReactNode {
  const able = useSyncExternalStore(never, canCompose, () => true);
  return (
    <div className="flex flex-col gap-2">
      <Switch
        label={s.listen}
        hint={s.listenHint}
        checked={form.listen || form.onDevice}
        disabled={form.onDevice}
        onChange={(listen) => onChange({ ...form, listen })}
      />
      <Switch
        label={s.device}
        hint={
          able
            ? `${s.deviceHint} ${strings.device.load(formatBytes(ROUGH_BYTES))}`
            : strings.device.failed.noWebAssembly
        }
        checked={form.onDevice}
        disabled={!able}
        onChange={(onDevice) => onChange({ ...form, onDevice })}
      />
    </div>
  );
}

/** What a browser can does not change while the page is open. */
const never = () => () => undefined;

interface SwitchProps {
  readonly label: string;
  readonly hint: string;
  readonly checked: boolean;
  readonly disabled: boolean;
  readonly onChange: (checked: boolean) => void;
}

function Switch({ label, hint, checked, disabled, onChange }: SwitchProps): ReactNode {
  const id = useId();
  return (
    <div className="flex items-start gap-3 py-1">
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={checked}
        disabled={disabled}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => onChange(target.checked)}
        className="mt-1 shrink-0"
      />
      <div className="min-w-0">
        <label htmlFor={id} className="block min-h-6 font-medium">
          {label}
        </label>
        <p id={`${id}-hint`} className="text-12 text-quiet">
          {hint}
        </p>
      </div>
    </div>
  );
}
