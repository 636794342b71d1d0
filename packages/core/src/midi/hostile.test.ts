import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AttuneError } from '../foundation/errors.ts';
import { countNotes } from '../score/extent.ts';
import type { Score } from '../score/score.ts';
import { createTempoMap } from '../score/tempo-map.ts';
import { validateScore } from '../score/validate-score.ts';
import { createRng } from '../foundation/rng.ts';
import { midiCorpus } from '../testing/midi-corpus.ts';
import { midiEvents } from './midi-event.ts';
import type { MidiFile } from './midi-file.ts';
import { readMidiFile, readMidiFileLenient } from './read-midi-file.ts';
import { HOSTILE_MIDI } from '../testing/hostile-midi.ts';
import { scoreArbitrary } from '../testing/score-arbitrary.ts';
import { scaleScore } from '../testing/tiny-scores.ts';
import { readMidi, readMidiLenient } from './read-midi.ts';
import { writeMidi } from './write-midi.ts';

/** A valid Score, or a typed error that names a byte of the file; anything else fails the test. */
function outcome(read: () => Score, length: number): string | { notes: number } {
  try {
    const score = read();
    validateScore(score);
    createTempoMap(score).secondsAt(0);
    return { notes: countNotes(score) };
  } catch (error) {
    if (!(error instanceof AttuneError)) throw error;
    expect(error.code).toMatch(/^midi\//);
    const offset = error.place['offset'];
    expect(offset).toBeTypeOf('number');
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(offset).toBeLessThanOrEqual(Math.max(length, 10));
    return error.code;
  }
}

const readStrict = (bytes: Uint8Array) => outcome(() => readMidi(bytes), bytes.length);
const readRepaired = (bytes: Uint8Array) => outcome(() => readMidiLenient(bytes).score, bytes.length);

describe('hostile files', () => {
  it.each(HOSTILE_MIDI.map((file) => [file.name, file] as const))('%s', (_, file) => {
    const bytes = file.bytes();
    expect(readStrict(bytes)).toEqual(file.strict);
    expect(readRepaired(bytes)).toEqual(file.lenient);
  });

  it('lenient reading says what it repaired wherever strict reading refuses', () => {
    for (const file of HOSTILE_MIDI) {
      if (typeof file.strict !== 'string' || typeof file.lenient === 'string') continue;
      const { repairs } = readMidiLenient(file.bytes());
      expect(repairs.length, file.name).toBeGreaterThan(0);
      expect(repairs.length, file.name).toBeLessThanOrEqual(1001);
    }
  });
});

describe('damaged files', () => {
  const whole = writeMidi(scaleScore(0, 'minor'));
  const notes = countNotes(readMidi(whole));

  it('every truncation is refused strictly and read leniently once the header is there', () => {
    let most = 0;
    for (let length = 0; length < whole.length; length++) {
      const cut = whole.slice(0, length);
      expect(readStrict(cut)).toBe('midi/malformed');
      const repaired = readRepaired(cut);
      if (length < 14) expect(repaired).toBe('midi/malformed');
      else {
        const kept = (repaired as { notes: number }).notes;
        expect(kept).toBeGreaterThanOrEqual(most); // a longer part never yields less
        most = kept;
      }
    }
    expect(most).toBe(notes);
  });

  it('every truncation of every format keeps what came before it, and says what was repaired', () => {
    for (const sound of midiCorpus(createRng(2)).slice(0, 7)) {
      const events = (file: MidiFile) => file.tracks.map((track) => [...midiEvents(track)]);
      const all = events(readMidiFile(sound));
      for (let length = 0; length < sound.length; length++) {
        const cut = sound.subarray(0, length);
        if (readStrict(cut) !== 'midi/malformed') {
          expect(length).toBe(sound.length - 11); // exactly without the last chunk, which is no track
          continue;
        }
        if (typeof readRepaired(cut) === 'string') continue; // the header is not there
        const { file, repairs } = readMidiFileLenient(cut);
        expect(repairs.length).toBeGreaterThan(0);
        expect(readMidiLenient(cut).repairs.length).toBeGreaterThan(0);
        events(file).forEach((list, track) => {
          const kept = list.length - 1; // before the end; shorter cuts have checked the events before the last
          if (kept > 0) expect(list[kept - 1]).toEqual(all[track]![kept - 1]);
        });
      }
    }
  });

  it('every single flipped bit gives a valid Score or a typed error', () => {
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const bytes = whole.slice();
      bytes[bit >>> 3]! ^= 1 << (bit & 7);
      readStrict(bytes);
      readRepaired(bytes);
    }
    expect(readStrict(whole)).toEqual({ notes });
  });

  it('files with bytes changed, cut out and doubled give a valid Score or a typed error', () => {
    const edit = fc.record({
      at: fc.nat(2000),
      kind: fc.constantFrom('set', 'cut', 'double'),
      value: fc.nat(255),
      length: fc.nat(9),
    });
    fc.assert(
      fc.property(
        scoreArbitrary(fc, { maxNotes: 8 }),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        (score, edits) => {
          let bytes = [...writeMidi(score)];
          for (const { at, kind, value, length } of edits) {
            const place = at % bytes.length;
            if (kind === 'set') bytes[place] = value;
            else if (kind === 'cut') bytes.splice(place, length);
            else bytes.splice(place, 0, ...bytes.slice(place, place + length));
            if (bytes.length === 0) bytes = [0];
          }
          readStrict(Uint8Array.from(bytes));
          readRepaired(Uint8Array.from(bytes));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('noise after a sound header gives a valid Score or a typed error', () => {
    const header = [...whole.subarray(0, 14), 0x4d, 0x54, 0x72, 0x6b, 0, 0, 1, 0];
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 256, maxLength: 256 }), (noise) => {
        readStrict(Uint8Array.from([...header, ...noise]));
        readRepaired(Uint8Array.from([...header, ...noise]));
      }),
      { numRuns: 300 },
    );
  });
});
