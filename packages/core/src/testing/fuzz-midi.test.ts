import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { readMidiFile } from '../midi/read-midi-file.ts';
import { examineMidi } from './examine-midi.ts';
import { HOSTILE_MIDI } from './hostile-midi.ts';
import { putTogether, takeApart } from './loose-midi.ts';
import { midiCorpus } from './midi-corpus.ts';
import { createMidiMutator, MIDI_MUTATIONS } from './mutate-midi.ts';

const INPUTS = 2000;
const corpus = midiCorpus(createRng(1));

describe('the corpus of mutations', () => {
  it('is sound, and taking a file apart loses none of its bytes', () => {
    for (const bytes of corpus) {
      expect(readMidiFile(bytes).tracks.length).toBeGreaterThan(0);
      expect(putTogether(takeApart(bytes))).toEqual(bytes);
    }
  });

  it('gives the same mutations for the same generator state', () => {
    const first = createMidiMutator(corpus)(createRng(5));
    expect(createMidiMutator(midiCorpus(createRng(1)))(createRng(5))).toEqual(first);
  });
});

describe('examineMidi', () => {
  it(`finds no broken promise in ${INPUTS} mutated files; each mutation is refused, most also survive`, () => {
    const mutate = createMidiMutator(corpus);
    const accepted = new Set<string>();
    const refused = new Set<string>();
    for (let index = 0; index < INPUTS; index++) {
      const { mutation, bytes } = mutate(createRng(index));
      const { score } = examineMidi(bytes);
      (score === 'accepted' ? accepted : refused).add(mutation);
    }
    expect([...refused].sort()).toEqual(MIDI_MUTATIONS.toSorted());
    const fatal = ['chunk length', 'truncation']; // lengths that lie are always found out
    expect([...accepted].sort()).toEqual(MIDI_MUTATIONS.filter((name) => !fatal.includes(name)).sort());
  });

  it('finds none in the files made by hand', () => {
    for (const { name, bytes } of HOSTILE_MIDI)
      if (bytes().length < 100_000) expect(() => examineMidi(bytes()), name).not.toThrow();
  });
});
