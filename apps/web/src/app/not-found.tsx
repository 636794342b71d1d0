import { FileQuestion } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { buttonClass } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/states.tsx';
import { strings } from '@/strings/index.ts';

export default function NotFound(): ReactNode {
  return (
    <>
      <h1 className="sr-only">{strings.errors.notFoundTitle}</h1>
      <EmptyState title={strings.errors.notFoundTitle} hint={strings.errors.notFoundHint} icon={FileQuestion}>
        <Link href="/" className={buttonClass('primary')}>
          {strings.errors.home}
        </Link>
      </EmptyState>
    </>
  );
}
