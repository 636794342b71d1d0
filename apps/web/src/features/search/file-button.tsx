'use client';
import { clsx } from 'clsx';
import { FileAudio } from 'lucide-react';
import { useRef, type ReactNode } from 'react';
import { Button } from '@/components/ui/button.tsx';

interface FileButtonProps {
  readonly label: string;
  readonly accept: string;
  readonly className?: string;
  readonly onFile: (file: File) => void;
}

/** A button that asks for one file. */
export function FileButton({ label, accept, className, onFile }: FileButtonProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button className={clsx(className)} onClick={() => input.current?.click()}>
        <FileAudio size={16} aria-hidden />
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        hidden
        aria-label={label}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          target.value = '';
          if (file) onFile(file);
        }}
      />
    </>
  );
}
