'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import type { TrackSummary } from '@/api/types.ts';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { sendFile } from './send-file.ts';
import { refusalOf } from './upload-limits.ts';

export interface Upload {
  readonly id: number;
  readonly file: File;
  readonly status: 'waiting' | 'sending' | 'done' | 'failed';
  /** Share of the bytes that were sent. */
  readonly sent: number;
  readonly error: string | null;
  readonly track: TrackSummary | null;
}

/** Uploads, one after the other; each keeps its own progress and its own error. */
export function useUploads() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { announce } = useFeedback();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const nextId = useRef(0);
  const tail = useRef<Promise<void>>(Promise.resolve());

  const change = useCallback((id: number, to: Partial<Upload>) => {
    setUploads((all) => all.map((upload) => (upload.id === id ? { ...upload, ...to } : upload)));
  }, []);

  const send = useCallback(
    ({ id, file }: Upload) => {
      tail.current = tail.current.then(async () => {
        change(id, { status: 'sending', sent: 0, error: null });
        try {
          const track = await sendFile(file, (sent) => change(id, { sent }));
          change(id, { status: 'done', track });
          announce(`${file.name}: ${strings.upload.done}`);
          await queries.invalidateQueries({ queryKey: trpc.library.pathKey() });
        } catch (error) {
          const message = error instanceof Error ? error.message : strings.upload.failed;
          change(id, { status: 'failed', error: message });
          announce(`${file.name}: ${message}`);
        }
      });
    },
    [change, announce, queries, trpc],
  );

  const add = useCallback(
    (files: Iterable<File>) => {
      for (const file of files) {
        nextId.current += 1;
        const error = refusalOf(file);
        const upload: Upload = {
          id: nextId.current,
          file,
          status: error ? 'failed' : 'waiting',
          sent: 0,
          error,
          track: null,
        };
        setUploads((all) => [...all, upload]);
        if (!error) send(upload);
      }
    },
    [send],
  );
  const dismiss = useCallback(
    (id: number) => setUploads((all) => all.filter((upload) => upload.id !== id)),
    [],
  );

  return { uploads, add, retry: send, dismiss };
}
