import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMidiLenient } from '../midi/index.ts';
import { SHIPPABLE_SYMBOLIC_SETS, findDataDir, openDataSet } from '../node/index.ts';
import { countNotes } from '../score/extent.ts';
import { TOKENIZERS } from './tokenizers.ts';

const dataDir = findDataDir();
if (!dataDir) console.log('Skipped: the data sets are not here (ATTUNE_DATA_DIR).');
const FILES_A_SET = 4;

// All files: npm run bench -- tokens
describe.skipIf(!dataDir).each(SHIPPABLE_SYMBOLIC_SETS)('real files of %s', (name) => {
  const scores = dataDir
    ? Array.from({ length: FILES_A_SET }, (_, i) => {
        const { items } = openDataSet(path.join(dataDir, name));
        return readMidiLenient(items[Math.floor((i * items.length) / FILES_A_SET)]!.bytes()).score;
      })
    : [];

  it.each(TOKENIZERS.map((tokenizer) => [tokenizer.name, tokenizer] as const))(
    'lose no note but duplicates with %s, and pass its grammar',
    (_, tokenizer) => {
      for (const score of scores) {
        const { sequence, loss } = tokenizer.encode(score);
        expect(tokenizer.noteCount(sequence) + loss.mergedDuplicates).toBe(countNotes(score));
        const tokens = tokenizer.tokensOf(sequence);
        const again = tokenizer.encode(tokenizer.decode(tokenizer.sequenceOf(tokens, sequence))).sequence;
        expect(Buffer.from(tokenizer.tokensOf(again).buffer).equals(Buffer.from(tokens.buffer))).toBe(true);
      }
    },
  );
});
