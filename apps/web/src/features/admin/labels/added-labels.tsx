'use client';
import { Pencil, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { IconButton } from '@/components/ui/button.tsx';
import { Disclosure } from '@/components/ui/disclosure.tsx';
import { styleName } from '@/lib/describe.ts';
import { strings } from '@/strings/index.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { LabelForm } from './label-form.tsx';
import { useAddedLabels } from './use-added-labels.ts';

const t = strings.admin.addedLabels;
const NEW = { name: '', parent: null } as const;

/** Labels beside the styles: the model learns them from the tracks that get them, at the next training. */
export function AddedLabels(): ReactNode {
  const { labels, parents, add, change, remove, changeFrom } = useAddedLabels();
  const [edited, setEdited] = useState<string | null>(null);
  return (
    <Disclosure label={t.open}>
      <div className="flex flex-col gap-4">
        {labels.length > 0 ? (
          <ul aria-label={t.list} className="flex flex-col gap-2">
            {labels.map((label) =>
              label.name === edited ? (
                <li key={label.name} className="rounded-md border border-line p-3">
                  <LabelForm
                    start={label}
                    parents={parents}
                    action={t.save}
                    busy={change.isPending}
                    error={change.isError ? errorMessage(change.error) : undefined}
                    onSubmit={async (next) => {
                      const taken = await changeFrom(label, next);
                      if (taken) setEdited(null);
                      return taken;
                    }}
                    onCancel={() => setEdited(null)}
                  />
                </li>
              ) : (
                <li key={label.name} className="flex items-center gap-2">
                  <span className="min-w-0 flex-1 truncate">
                    {styleName(label.name)}
                    {label.parent === null ? null : (
                      <span className="text-quiet"> {t.below(styleName(label.parent))}</span>
                    )}
                  </span>
                  <IconButton
                    label={t.edit(styleName(label.name))}
                    onClick={() => {
                      change.reset();
                      setEdited(label.name);
                    }}
                  >
                    <Pencil size={16} aria-hidden />
                  </IconButton>
                  <IconButton
                    label={t.remove(styleName(label.name))}
                    disabled={remove.isPending}
                    onClick={() => remove.mutate({ name: label.name })}
                  >
                    <Trash2 size={16} aria-hidden />
                  </IconButton>
                </li>
              ),
            )}
          </ul>
        ) : null}
        <LabelForm
          start={NEW}
          parents={parents}
          action={t.add}
          busy={add.isPending}
          error={add.isError ? errorMessage(add.error) : undefined}
          onSubmit={(label) =>
            add.mutateAsync(label).then(
              () => true,
              () => false,
            )
          }
        />
        <p className="text-12 text-quiet">{t.hint}</p>
      </div>
    </Disclosure>
  );
}
