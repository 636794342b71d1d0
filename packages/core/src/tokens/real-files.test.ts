import path from 'node:path';
import { expect, it } from 'vitest';
import { readMidiLenient } from '../midi/index.ts';
import { SHIPPABLE_SYMBOLIC_SETS, findDataDir, openDataSet } from '../node/index.ts';
import { createCompoundGrammar } from './compound-grammar.ts';
import { FIELD_COUNT, decodeCompound, encodeCompound } from './compound.ts';

const dataDir = findDataDir();
if (!dataDir) console.log('Skipped: the data sets are not here (ATTUNE_DATA_DIR).');
const FILES_A_SET = 6;

it.skipIf(!dataDir).each(SHIPPABLE_SYMBOLIC_SETS)('encodes real files of %s without losing notes', (name) => {
  const { items } = openDataSet(path.join(dataDir!, name));
  for (let i = 0; i < FILES_A_SET; i++) {
    const item = items[Math.floor((i * items.length) / FILES_A_SET)]!;
    const { score } = readMidiLenient(item.bytes());
    const first = encodeCompound(score);
    const total = score.tracks.reduce((sum, track) => sum + track.notes.length, 0);
    expect(first.steps.length / FIELD_COUNT - 1 + first.loss.mergedDuplicates, item.id).toBe(total);
    expect(encodeCompound(decodeCompound(first)).steps, item.id).toEqual(first.steps);
    const grammar = createCompoundGrammar({ meter: first.meter, maxBars: first.bars, minBars: first.bars });
    let state = grammar.start();
    for (let at = 0; at < first.steps.length; at += FIELD_COUNT) {
      state = grammar.accept(state, first.steps.subarray(at, at + FIELD_COUNT));
    }
    expect(state.ended, item.id).toBe(true);
  }
});
