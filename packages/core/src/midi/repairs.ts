import type { AttuneError } from '../foundation/errors.ts';

/** One thing that a lenient read put right or left out. */
export interface MidiRepair {
  /** Byte of the file where the fault was seen. */
  readonly offset: number;
  /** What was wrong and what was done, in one sentence. */
  readonly message: string;
}

/** What to do about a fault: strict reading throws, lenient reading writes it down and goes on. */
export interface FaultHandler {
  readonly isLenient: boolean;
  /** `error` is thrown when strict; `done` says what a lenient read does instead. */
  handle(error: AttuneError, done: string): void;
  /** Something not against the standard that the reader nevertheless had to decide. */
  note(offset: number, message: string): void;
}

/** Repairs beyond this many are not listed one by one, so that a hostile file cannot fill memory with them. */
const MAX_REPAIRS = 1000;

export const STRICT: FaultHandler = {
  isLenient: false,
  handle(error) {
    throw error;
  },
  note() {},
};

/** Collects repairs in `repairs`. */
export function createRepairLog(): FaultHandler & { readonly repairs: readonly MidiRepair[] } {
  const repairs: MidiRepair[] = [];
  const add = (offset: number, message: string): void => {
    if (repairs.length < MAX_REPAIRS) repairs.push({ offset, message });
    else if (repairs.length === MAX_REPAIRS)
      repairs.push({ offset, message: 'Further repairs are not listed.' });
  };
  return {
    isLenient: true,
    repairs,
    handle(error, done) {
      add(Number(error.place['offset'] ?? 0), `${error.message} ${done}`);
    },
    note: add,
  };
}
