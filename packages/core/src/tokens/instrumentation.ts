import { AttuneError } from '../foundation/errors.ts';
import { DRUM_INSTRUMENT, DRUM_PITCH_OFFSET, INSTRUMENT_COUNT, PITCH_COUNT } from './grid.ts';

/** Which instruments may play, and in which range; arrays are indexed by instrument. */
export interface Instrumentation {
  /** 1 where the instrument may play. */
  readonly plays: Uint8Array;
  /** Lowest and highest pitch token. */
  readonly low: Int16Array;
  readonly high: Int16Array;
  /** The highest instrument that may play. */
  readonly last: number;
}

/** Throws `argument/invalid` for an unknown instrument, or when none with a pitch is left. */
export function createInstrumentation(options: {
  readonly instruments?: Iterable<number>;
  readonly pitchRange?: (instrument: number) => readonly [low: number, high: number];
}): Instrumentation {
  const plays = new Uint8Array(INSTRUMENT_COUNT);
  const low = new Int16Array(INSTRUMENT_COUNT);
  const high = new Int16Array(INSTRUMENT_COUNT);
  for (const instrument of options.instruments ?? Array(INSTRUMENT_COUNT).keys()) {
    if (!Number.isInteger(instrument) || instrument < 0 || instrument >= INSTRUMENT_COUNT) {
      throw new AttuneError(
        'argument/invalid',
        `Instrument ${instrument} is not one of 0 to ${DRUM_INSTRUMENT}.`,
        {
          instrument,
        },
      );
    }
    const blockLow = instrument === DRUM_INSTRUMENT ? DRUM_PITCH_OFFSET : 0;
    const blockHigh = instrument === DRUM_INSTRUMENT ? PITCH_COUNT - 1 : DRUM_PITCH_OFFSET - 1;
    const [from, to] = options.pitchRange?.(instrument) ?? [blockLow, blockHigh];
    low[instrument] = Math.max(from, blockLow);
    high[instrument] = Math.min(to, blockHigh);
    plays[instrument] = low[instrument] <= high[instrument] ? 1 : 0;
  }
  const last = plays.lastIndexOf(1);
  if (last < 0) throw new AttuneError('argument/invalid', 'No instrument with a pitch may play.');
  return { plays, low, high, last };
}
