'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { Disclosure } from '@/components/ui/disclosure.tsx';
import { TextField } from '@/components/ui/field.tsx';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { styleName } from '@/lib/describe.ts';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';

const t = strings.admin.addLabel;

/** A label beside the styles: the model learns it from the tracks that get it, at the next training. */
export function AddLabel(): ReactNode {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { toast } = useFeedback();
  const [name, setName] = useState('');
  const add = useMutation(
    trpc.admin.addLabel.mutationOptions({
      onSuccess: async ({ label }) => {
        setName('');
        toast({ message: t.added(styleName(label)) });
        await queries.invalidateQueries({ queryKey: trpc.admin.summary.queryKey() });
        await queries.invalidateQueries({ queryKey: trpc.admin.labelling.queryKey() });
      },
    }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim()) add.mutate({ name });
  };
  return (
    <Disclosure label={t.open}>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
        <TextField
          className="min-w-40 flex-1"
          label={t.name}
          hint={t.hint}
          error={add.isError ? errorMessage(add.error) : undefined}
          value={name}
          maxLength={40}
          onChange={({ target }) => setName(target.value)}
        />
        <Button type="submit" disabled={add.isPending} className="mb-5">
          <Plus size={16} aria-hidden />
          {t.add}
        </Button>
      </form>
    </Disclosure>
  );
}
