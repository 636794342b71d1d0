'use client';
import { useId, type ReactNode } from 'react';
import type { ComposeOptions, ComposeTaskKind } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';
import { TASKS } from './studio-form.ts';

const s = strings.studio;

interface TaskPickerProps {
  readonly tasks: ComposeOptions['tasks'];
  readonly chosen: ComposeTaskKind;
  readonly onChoose: (task: ComposeTaskKind) => void;
}

/** What is to be done, as radio buttons. What the model has not learned cannot be chosen, and the reason stands below. */
export function TaskPicker({ tasks, chosen, onChoose }: TaskPickerProps): ReactNode {
  const name = useId();
  const reasons = [...new Set(TASKS.flatMap((task) => tasks[task].reason ?? []))];
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-2 font-medium">{s.task}</legend>
      <div className="grid grid-cols-2 gap-2">
        {TASKS.map((task) => (
          <label
            key={task}
            className="flex min-h-11 items-center justify-center rounded-md border border-edge px-2 text-center has-checked:border-accent has-checked:bg-accent has-checked:text-on-accent has-disabled:cursor-not-allowed has-disabled:opacity-50 has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-accent not-has-disabled:not-has-checked:hover:bg-hover"
          >
            <input
              type="radio"
              name={name}
              value={task}
              checked={task === chosen}
              disabled={!tasks[task].available}
              onChange={() => onChoose(task)}
              className="sr-only"
            />
            {s.tasks[task]}
          </label>
        ))}
      </div>
      <p className="text-12 text-quiet">{s.taskHints[chosen]}</p>
      {reasons.length > 0 ? <TaskReasons reasons={reasons} /> : null}
    </fieldset>
  );
}

function TaskReasons({ reasons }: { reasons: readonly string[] }): ReactNode {
  return (
    <ul className="text-12 text-quiet">
      {reasons.map((reason) => (
        <li key={reason}>{strings.track.cannot(reason)}</li>
      ))}
    </ul>
  );
}
