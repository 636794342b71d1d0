import { clsx } from 'clsx';
import type { ButtonHTMLAttributes, ReactNode } from 'react';

export type ButtonTone = 'primary' | 'plain' | 'ghost' | 'danger';

const TONES: Record<ButtonTone, string> = {
  primary: 'bg-accent text-on-accent border-accent hover:opacity-90',
  plain: 'bg-paper text-ink border-edge hover:bg-hover',
  ghost: 'bg-transparent text-ink border-transparent hover:bg-hover',
  danger: 'bg-paper text-danger border-danger hover:bg-hover',
};

/** Shared look of buttons and links that act like buttons: at least 44 px high. */
export function buttonClass(tone: ButtonTone = 'plain', extra?: string): string {
  return clsx(
    'inline-flex min-h-11 items-center justify-center gap-2 rounded-md border px-4 text-14 font-medium whitespace-nowrap select-none',
    'disabled:opacity-60 aria-disabled:opacity-60',
    TONES[tone],
    extra,
  );
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: ButtonTone;
}

export function Button({ tone = 'plain', className, type = 'button', ...rest }: ButtonProps): ReactNode {
  return <button type={type} className={buttonClass(tone, className)} {...rest} />;
}

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What the button does; also its tooltip. */
  readonly label: string;
  /** Key that does the same, shown in the tooltip. */
  readonly hotkey?: string;
  readonly pressed?: boolean;
}

/** A 44 × 44 px button that shows only an icon. */
export function IconButton({
  label,
  hotkey,
  pressed,
  className,
  type = 'button',
  ...rest
}: IconButtonProps): ReactNode {
  return (
    <button
      type={type}
      aria-label={label}
      aria-pressed={pressed}
      title={hotkey ? `${label} (${hotkey})` : label}
      className={clsx(
        'inline-flex size-11 shrink-0 items-center justify-center rounded-md text-ink hover:bg-hover disabled:opacity-50',
        'aria-pressed:bg-tint aria-pressed:text-accent',
        className,
      )}
      {...rest}
    />
  );
}
