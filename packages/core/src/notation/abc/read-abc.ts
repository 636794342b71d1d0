import type { Score } from '../../score/score.ts';
import { createRepairLog, strict } from './faults.ts';
import type { AbcRepair, FaultHandler } from './faults.ts';
import { AbcBudget, DEFAULT_ABC_LIMITS } from './limits.ts';
import type { AbcLimits } from './limits.ts';
import { performTune } from './perform.ts';
import type { PerformOptions } from './perform.ts';
import { splitTuneBook } from './tune-book.ts';
import { readTune } from './tune.ts';

/** How much a tune book may hold, and how its tunes are played. */
export interface ReadAbcOptions extends Partial<PerformOptions> {
  /** Replaces single values of `DEFAULT_ABC_LIMITS`. */
  readonly limits?: Partial<AbcLimits>;
}

/**
 * Reads a tune book in ABC notation (The abc music standard 2.1, 2011): one Score a tune, at 480 ticks a quarter,
 * repeats, variant endings and parts played out, a track for each voice with notes.
 *
 * - Accidentals hold to the bar line in all octaves (the standard's default; `%%propagate-accidentals` is obeyed),
 *   and over it on tied notes. Broken rhythm is 3:1. Grace notes take up to half of their note (`graceNotes`).
 * - Chord symbols become texts, or a track besides (`chordSymbols`). Dynamics set velocities; the default is 80.
 * - Read: X T C M L Q K P V w I fields, inline fields, overlays (&), tuplets, `%%MIDI program`, `channel`,
 *   `transpose`, `drummap`. Other decorations, slurs, print directives, symbol lines and later verses are passed over.
 *
 * @throws AttuneError `notation/malformed` with `line` and `column`, or `notation/limit`.
 */
export function readAbc(text: string, options: ReadAbcOptions = {}): Score[] {
  return read(text, options, strict);
}

/** As `readAbc`, but leaves out what it cannot read; `repairs` lists each such place. Limits still throw. */
export function readAbcLenient(
  text: string,
  options: ReadAbcOptions = {},
): { readonly scores: Score[]; readonly repairs: readonly AbcRepair[] } {
  const log = createRepairLog();
  const scores = read(text, options, log.handle);
  return { scores, repairs: log.repairs };
}

function read(text: string, options: ReadAbcOptions, faults: FaultHandler): Score[] {
  const budget = new AbcBudget({ ...DEFAULT_ABC_LIMITS, ...options.limits });
  const { header, tunes } = splitTuneBook(text, budget);
  const { graceNotes = 'steal', chordSymbols = 'text' } = options;
  return tunes.map(({ lines }) =>
    performTune(readTune(header, lines, faults, budget.limits), { graceNotes, chordSymbols }, budget),
  );
}
