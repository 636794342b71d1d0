import { CircleAlert, Lock, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { clsx } from 'clsx';
import { strings } from '@/strings/index.ts';
import { Button } from './button.tsx';

interface StateProps {
  readonly title: string;
  readonly hint?: string;
  readonly icon?: LucideIcon;
  readonly children?: ReactNode;
}

/** What a list shows when there is nothing in it: what that means, and what to do first. */
export function EmptyState({ title, hint, icon: Icon, children }: StateProps): ReactNode {
  return (
    <div className="flex flex-col items-center gap-3 rounded-md border border-dashed border-line px-6 py-12 text-center">
      {Icon ? <Icon size={28} className="text-quiet" aria-hidden /> : null}
      <p className="text-16 font-medium">{title}</p>
      {hint ? <p className="max-w-[48ch] text-quiet">{hint}</p> : null}
      {children}
    </div>
  );
}

/** What happened in one sentence, and a way to try again. */
export function ErrorState({ message, onRetry }: { message: string; onRetry?: () => void }): ReactNode {
  return (
    <div role="alert" className="flex flex-col items-start gap-3 rounded-md border border-danger p-4">
      <p className="flex items-start gap-2">
        <CircleAlert size={20} className="shrink-0 text-danger" aria-hidden />
        <span>{message}</span>
      </p>
      {onRetry ? <Button onClick={onRetry}>{strings.common.retry}</Button> : null}
    </div>
  );
}

export function NotAllowed({ title, hint, children }: StateProps): ReactNode {
  return (
    <EmptyState title={title} {...(hint ? { hint } : {})} icon={Lock}>
      {children}
    </EmptyState>
  );
}

/** A placeholder of the size of what is coming, so that nothing jumps. Silent to screen readers. */
export function Skeleton({ className }: { className?: string }): ReactNode {
  return <div aria-hidden className={clsx('skeleton', className)} />;
}

/** Several equal placeholders, and one spoken "Loading". */
export function SkeletonList({ count, className }: { count: number; className: string }): ReactNode {
  return (
    <div className="flex flex-col gap-2">
      <p role="status" className="sr-only">
        {strings.common.loading}
      </p>
      {Array.from({ length: count }, (_, index) => (
        <Skeleton key={index} className={className} />
      ))}
    </div>
  );
}
