'use client';
import { ChevronDown } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { Reason } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';

const loadMenu = () => import('./reason-menu.tsx');
const ReasonMenu = lazy(loadMenu);

interface ReasonChipsProps {
  readonly reasons: readonly Reason[];
  /** Whether a chip's menu is open: a list should then stay as it is. */
  readonly onOpenChange?: (open: boolean) => void;
}

/** Why a track is here; every reason opens "more, less, never". */
export function ReasonChips({ reasons, onOpenChange }: ReasonChipsProps): ReactNode {
  if (reasons.length === 0) return null;
  return (
    <ul aria-label={strings.forYou.why} className="mt-1 flex flex-wrap gap-1">
      {reasons.map((reason) => (
        <li key={`${reason.kind}:${reason.label}`}>
          <ReasonChip reason={reason} onOpenChange={onOpenChange} />
        </li>
      ))}
    </ul>
  );
}

interface ReasonChipProps {
  readonly reason: Reason;
  readonly onOpenChange: ((open: boolean) => void) | undefined;
}

/** A plain button until it is pressed; the menu and its code come then. */
function ReasonChip({ reason, onOpenChange }: ReasonChipProps): ReactNode {
  const [pressed, setPressed] = useState(false);
  const press = (): void => {
    setPressed(true);
    onOpenChange?.(true);
  };
  const chip = (
    <button
      type="button"
      aria-haspopup="menu"
      aria-label={strings.forYou.reason(reason.label)}
      className="inline-flex min-h-8 items-center gap-1 rounded-full border border-line bg-panel px-3 text-12 hover:border-edge data-popup-open:border-accent pointer-coarse:min-h-11"
    >
      {reason.label}
      <ChevronDown size={12} aria-hidden />
    </button>
  );
  if (!pressed) {
    return (
      <span onClick={press} onPointerEnter={() => void loadMenu()} onFocus={() => void loadMenu()}>
        {chip}
      </span>
    );
  }
  return (
    <Suspense fallback={chip}>
      <ReasonMenu reason={reason} trigger={chip} onOpenChange={(open) => onOpenChange?.(open)} />
    </Suspense>
  );
}
