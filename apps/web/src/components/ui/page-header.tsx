import type { ReactNode } from 'react';

export interface PageHeaderProps {
  readonly title: string;
  readonly lead?: string;
  readonly children?: ReactNode;
}

/** The page's only h1, one sentence about it, and its main actions. */
export function PageHeader({ title, lead, children }: PageHeaderProps): ReactNode {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-4">
      <div className="flex min-w-0 flex-col gap-1">
        <h1 className="text-28">{title}</h1>
        {lead ? <p className="max-w-[80ch] text-quiet">{lead}</p> : null}
      </div>
      {children ? <div className="flex flex-wrap gap-2">{children}</div> : null}
    </header>
  );
}
