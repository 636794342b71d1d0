'use client';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '@/components/ui/button.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';

/** Says which piece is being continued, and lets go of it. */
export function PromptNote({ id, onClear }: { id: string; onClear: () => void }): ReactNode {
  const trpc = useTRPC();
  const detail = useQuery(trpc.track.get.queryOptions({ id }));
  return (
    <div className="flex items-center justify-between gap-2 rounded-md border border-accent bg-tint py-1 pl-4">
      <p className="min-w-0 truncate">{strings.studio.prompt(detail.data?.summary.title ?? '…')}</p>
      <IconButton label={strings.studio.promptClear} onClick={onClear}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
}
