'use client';
import { RotateCw, X } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { IconButton } from '@/components/ui/button.tsx';
import { formatBytes, formatPercent } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import type { Upload } from './use-uploads.ts';

interface UploadRowProps {
  readonly upload: Upload;
  readonly onRetry: (upload: Upload) => void;
  readonly onDismiss: (id: number) => void;
}

/** One file: its name, how far it is, and what went wrong. */
export function UploadRow({ upload, onRetry, onDismiss }: UploadRowProps): ReactNode {
  const { file, status, sent, error, track } = upload;
  const underWay = status === 'waiting' || status === 'sending';
  return (
    <li className="flex min-h-11 items-center gap-3 border-t border-line py-1">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          {track ? (
            <Link href={`/track/${track.id}`} className="hover:underline">
              {track.title}
            </Link>
          ) : (
            file.name
          )}
        </p>
        <p className={error ? 'text-12 text-danger' : 'text-12 text-quiet'}>{error ?? statusWords(upload)}</p>
      </div>
      {underWay ? (
        <progress className="h-2 w-28 accent-accent" max={1} value={sent} aria-label={file.name} />
      ) : null}
      {status === 'failed' && file.size > 0 ? (
        <IconButton label={strings.upload.retry(file.name)} onClick={() => onRetry(upload)}>
          <RotateCw size={16} aria-hidden />
        </IconButton>
      ) : null}
      {underWay ? null : (
        <IconButton label={strings.upload.dismiss(file.name)} onClick={() => onDismiss(upload.id)}>
          <X size={16} aria-hidden />
        </IconButton>
      )}
    </li>
  );
}

function statusWords({ status, sent, file }: Upload): string {
  if (status === 'waiting') return `${strings.upload.waiting} · ${formatBytes(file.size)}`;
  if (status === 'done') return strings.upload.done;
  return sent < 1 ? strings.upload.sending(formatPercent(sent)) : strings.upload.reading;
}
