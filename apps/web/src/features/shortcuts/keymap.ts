/** What a key can ask for, anywhere in the app. */
export type Command =
  | 'toggle'
  | 'seek-back'
  | 'seek-forward'
  | 'previous'
  | 'next'
  | 'rate-1'
  | 'rate-2'
  | 'rate-3'
  | 'rate-4'
  | 'rate-5'
  | 'skip'
  | 'not-for-me'
  | 'more-like-this'
  | 'undo'
  | 'help';

/** The part of a keyboard event that matters. */
export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** What the focused element already does with keys. */
export interface Focused {
  /** Takes text or chooses by typing: every plain key belongs to it. */
  readonly types: boolean;
  /** A button, link or box that Space presses. */
  readonly presses: boolean;
  /** Moves with the arrow keys: sliders, tabs, the piano roll. */
  readonly moves: boolean;
}

const LETTERS: Readonly<Record<string, Command>> = {
  '1': 'rate-1',
  '2': 'rate-2',
  '3': 'rate-3',
  '4': 'rate-4',
  '5': 'rate-5',
  s: 'skip',
  n: 'not-for-me',
  l: 'more-like-this',
  u: 'undo',
  '?': 'help',
};

/** The command of a key press, or null when the key is not ours or belongs to the focused element. */
export function commandOf(press: KeyPress, focused: Focused): Command | null {
  if (press.ctrlKey || press.altKey || press.metaKey || focused.types) return null;
  if (press.key === ' ') return focused.presses ? null : 'toggle';
  if (press.key === 'ArrowLeft') return focused.moves ? null : press.shiftKey ? 'previous' : 'seek-back';
  if (press.key === 'ArrowRight') return focused.moves ? null : press.shiftKey ? 'next' : 'seek-forward';
  const key = press.key.toLowerCase();
  if (press.shiftKey && key !== '?') return null;
  return LETTERS[key] ?? null;
}

/** Stars of a rating command, or null. */
export function starsOf(command: Command): 1 | 2 | 3 | 4 | 5 | null {
  return command.startsWith('rate-') ? (Number(command.slice(5)) as 1 | 2 | 3 | 4 | 5) : null;
}

/** Reads what an element does with keys from its tag, type and role. */
export function focusedOf(element: {
  tagName: string;
  type?: string;
  role?: string | null;
  editable?: boolean;
}): Focused {
  const tag = element.tagName.toLowerCase();
  const type = (element.type ?? '').toLowerCase();
  const isInput = tag === 'input';
  const box = isInput && ['checkbox', 'radio', 'button', 'submit', 'file'].includes(type);
  const range = (isInput && type === 'range') || element.role === 'slider';
  return {
    types: element.editable === true || tag === 'textarea' || tag === 'select' || (isInput && !box && !range),
    presses:
      box ||
      tag === 'button' ||
      tag === 'summary' ||
      element.role === 'button' ||
      element.role === 'menuitem',
    moves: range || (isInput && type === 'radio') || ['tab', 'menuitem', 'grid'].includes(element.role ?? ''),
  };
}
