import { AttuneError } from '../../foundation/errors.ts';

/** One thing that lenient reading left out or decided. */
export interface AbcRepair {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Where a fault stands in the text. */
export interface AbcPlace {
  readonly line: number;
  readonly column: number;
}

/** What to do about a fault: strict reading throws, lenient reading writes it down and goes on. */
export type FaultHandler = (place: AbcPlace, message: string, done: string) => void;

const MAX_REPAIRS = 1000;

/** `message` is one sentence about the text; `done` says what a lenient read does instead. */
export const strict: FaultHandler = ({ line, column }, message) => {
  throw new AttuneError('notation/malformed', `${message} (line ${line}, column ${column}).`, {
    line,
    column,
  });
};

/** Collects repairs in `repairs`, the first thousand of them. */
export function createRepairLog(): { readonly handle: FaultHandler; readonly repairs: readonly AbcRepair[] } {
  const repairs: AbcRepair[] = [];
  return {
    repairs,
    handle: ({ line, column }, message, done) => {
      if (repairs.length < MAX_REPAIRS) repairs.push({ line, column, message: `${message}; ${done}.` });
      else if (repairs.length === MAX_REPAIRS)
        repairs.push({ line, column, message: 'Further repairs are not listed.' });
    },
  };
}
