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

/** Collects repairs; `repairs` lists them by offset. */
export function createRepairLog(): FaultHandler & { readonly repairs: readonly MidiRepair[] } {
  const listed: MidiRepair[] = [];
  let further: MidiRepair | undefined;
  const add = (offset: number, message: string): void => {
    if (listed.length < MAX_REPAIRS) listed.push({ offset, message });
    else further ??= { offset, message: 'Further repairs are not listed.' };
  };
  return {
    isLenient: true,
    get repairs() {
      const sorted = listed.toSorted((a, b) => a.offset - b.offset);
      return further ? [...sorted, further] : sorted;
    },
    handle(error, done) {
      add(Number(error.place['offset'] ?? 0), `${error.message} ${done}`);
    },
    note: add,
  };
}
