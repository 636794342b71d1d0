'use client';
import { useQueryClient } from '@tanstack/react-query';
import { Download, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { errorMessage } from '@/trpc/error-message.ts';
import { EraseDialog } from './erase-dialog.tsx';

const t = strings.account;

/** Take everything along, or have everything deleted. */
export function YourData(): ReactNode {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { toast } = useFeedback();
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);

  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const data = await queries.fetchQuery({
        ...trpc.viewer.export.queryOptions(),
        staleTime: 0,
        gcTime: 0,
      });
      saveFile(`attune-${data.exportedAt.slice(0, 10)}.json`, JSON.stringify(data, null, 2));
      toast({ message: t.exported });
    } catch (error) {
      toast({ message: errorMessage(error), tone: 'error' });
    } finally {
      setBusy(false);
    }
  };

  return (
    <section className="flex flex-col gap-4 border-t border-line pt-6">
      <h2 className="text-20">{t.data}</h2>
      <div className="flex flex-col items-start gap-2">
        <Button disabled={busy} onClick={() => void save()}>
          <Download size={16} aria-hidden />
          {t.export}
        </Button>
        <p className="text-quiet">{t.exportHint}</p>
      </div>
      <div className="flex flex-col items-start gap-2">
        <Button tone="danger" onClick={() => setAsking(true)}>
          <Trash2 size={16} aria-hidden />
          {t.erase}
        </Button>
        <p className="text-quiet">{t.eraseHint}</p>
      </div>
      <EraseDialog open={asking} onClose={() => setAsking(false)} />
    </section>
  );
}

function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
