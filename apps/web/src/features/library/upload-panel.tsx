'use client';
import { clsx } from 'clsx';
import { Upload as UploadIcon } from 'lucide-react';
import { useState, type DragEvent, type ReactNode } from 'react';
import { buttonClass } from '@/components/ui/button.tsx';
import { strings } from '@/strings/index.ts';
import { ACCEPT } from './upload-limits.ts';
import { UploadRow } from './upload-row.tsx';
import { useUploads } from './use-uploads.ts';

/** Where files are dropped or chosen, and what became of each. */
export function UploadPanel(): ReactNode {
  const { uploads, add, retry, dismiss } = useUploads();
  const [over, setOver] = useState(false);

  const hover = (event: DragEvent): void => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    add(event.dataTransfer.files);
  };

  return (
    <section
      aria-label={strings.upload.title}
      onDragOver={hover}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={clsx(
        'flex flex-col gap-3 rounded-md border border-dashed p-4',
        over ? 'border-accent bg-tint' : 'border-edge',
      )}
    >
      <div className="flex flex-wrap items-center gap-3">
        <UploadIcon size={20} className="text-quiet" aria-hidden />
        <span className="max-md:sr-only">{strings.upload.drop}</span>
        <label
          className={buttonClass(
            'plain',
            'focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent',
          )}
        >
          <input
            type="file"
            multiple
            accept={ACCEPT}
            className="sr-only"
            onChange={(event) => {
              add(event.target.files ?? []);
              event.target.value = '';
            }}
          />
          {strings.upload.choose}
        </label>
        <p className="basis-full text-12 text-quiet">{strings.upload.limits}</p>
      </div>
      {uploads.length > 0 ? (
        <ul aria-label={strings.upload.list} className="flex flex-col">
          {uploads.map((upload) => (
            <UploadRow key={upload.id} upload={upload} onRetry={retry} onDismiss={dismiss} />
          ))}
        </ul>
      ) : null}
    </section>
  );
}
