'use client';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { Dialog } from '@/components/ui/dialog.tsx';
import { TextField } from '@/components/ui/field.tsx';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { useAccount } from './use-account.ts';

const t = strings.account;

/** Erasing asks for a typed word, because nothing brings the data back. */
export function EraseDialog({ open, onClose }: { open: boolean; onClose: () => void }): ReactNode {
  const trpc = useTRPC();
  const { toast } = useFeedback();
  const { refresh } = useAccount();
  const [typed, setTyped] = useState('');
  const erase = useMutation(
    trpc.viewer.erase.mutationOptions({
      onSuccess: async () => {
        onClose();
        setTyped('');
        await refresh();
        toast({ message: t.erased });
      },
      onError: (error) => toast({ message: errorMessage(error), tone: 'error' }),
    }),
  );
  const confirmed = typed.trim().toLowerCase() === t.eraseWord;
  return (
    <Dialog open={open} onClose={onClose} title={t.eraseTitle}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (confirmed) erase.mutate();
        }}
      >
        <p>{t.eraseText}</p>
        <TextField
          label={t.eraseType(t.eraseWord)}
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" tone="danger" disabled={!confirmed || erase.isPending}>
            {t.eraseConfirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
