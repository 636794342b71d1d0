import type { Score } from '@attune/core';
import { readCheckpointFolder } from '@attune/core/node';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { GenerationRequest } from '../generator.ts';
import { shippedCheckpointFolder } from './node/shipped-generator.ts';
import { createGenerator } from './transformer-generator.ts';

/**
 * Digest and number of the notes that transformer-3 gave when it was first shipped. Catalogues name pieces by request
 * and seed, so that these must not change. The last is longer than the window.
 */
const PIECES: readonly (readonly [digest: string, notes: number, request: GenerationRequest])[] = [
  ['17a9215f0893fda6', 75, { conditioning: { style: 'art-song' }, bars: 4, seed: 100 }],
  ['aa625ae7e01963a7', 66, { conditioning: { style: 'baroque' }, bars: 4, seed: 101 }],
  ['fc75856e468b6932', 18, { conditioning: { style: 'classical' }, bars: 4, seed: 102 }],
  ['96a5142426b6ffe7', 112, { conditioning: { style: 'drums-funk' }, bars: 4, seed: 103 }],
  ['e6744edb86ac6510', 41, { conditioning: { style: 'drums-jazz' }, bars: 4, seed: 104 }],
  ['866cf30946e07563', 154, { conditioning: { style: 'drums-latin' }, bars: 4, seed: 105 }],
  ['e5f08696067da504', 83, { conditioning: { style: 'drums-rock' }, bars: 4, seed: 106 }],
  ['d9321b32d182b03d', 32, { conditioning: { style: 'folk' }, bars: 4, seed: 107 }],
  ['d87eaebfb9bb1304', 237, { conditioning: { style: 'game' }, bars: 4, seed: 108 }],
  ['b848268a24e55e1a', 47, { conditioning: { style: 'hymn' }, bars: 4, seed: 109 }],
  ['c0ebcdfe3d985816', 25, { conditioning: { style: 'march' }, bars: 4, seed: 110 }],
  ['ae0070e2f20421c3', 64, { conditioning: { style: 'ragtime' }, bars: 4, seed: 111 }],
  ['3c1aaa3f0e8d99a7', 65, { conditioning: { style: 'renaissance' }, bars: 4, seed: 112 }],
  ['408d7d2dc35a3135', 125, { conditioning: { style: 'romantic' }, bars: 4, seed: 113 }],
  ['a96f0052ac3756e8', 34, { conditioning: { style: 'standards' }, bars: 4, seed: 114 }],
  ['31bdba311e198e8c', 62, { conditioning: { style: 'string-quartet' }, bars: 4, seed: 115 }],
  ['d65f55fc5fb4c09c', 82, { conditioning: { style: 'pop' }, bars: 4, seed: 116 }],
  ['993398a84c76438d', 129, { conditioning: { style: 'rock' }, bars: 4, seed: 117 }],
  ['fa5d9afe95b17d0e', 96, { conditioning: { style: 'jazz' }, bars: 4, seed: 118 }],
  ['b09a5e85e2102ebe', 237, { conditioning: { style: 'latin' }, bars: 4, seed: 119 }],
  ['71858b8fc85222c1', 171, { conditioning: { style: 'funk' }, bars: 4, seed: 120 }],
  ['052320c03d338dea', 221, { conditioning: { style: 'electronic' }, bars: 4, seed: 121 }],
  ['ca923c51c5ff6124', 66, { conditioning: { style: 'standards' }, bars: 4, seed: 7, guidance: 1 }],
  [
    'f4122d0446136ba3',
    64,
    { conditioning: { style: 'folk', energy: 0.8 }, bars: 8, seed: 8, temperature: 0.8, topP: 0.9 },
  ],
  [
    '569afe9de65f55fa',
    89,
    { conditioning: { style: 'classical', instruments: [40, 41, 42] }, bars: 6, seed: 9, topP: 1 },
  ],
  ['1157be6beab61071', 131, { conditioning: {}, bars: 4, seed: 10 }],
  ['658278abe0c96271', 118, { conditioning: { style: 'folk', form: 'AABA' }, bars: 16, seed: 11 }],
  ['ac67615b5c371cfa', 691, { conditioning: { style: 'hymn' }, bars: 72, seed: 11 }],
];

/** First 16 digits of the SHA-256 of all notes. */
function digestOf({ tracks }: Score): string {
  const notes = tracks.map((track) => [
    track.program,
    track.isDrum,
    track.notes.map(({ start, duration, pitch, velocity }) => [start, duration, pitch, velocity]),
  ]);
  return createHash('sha256').update(JSON.stringify(notes)).digest('hex').slice(0, 16);
}

const folder = shippedCheckpointFolder();
const isThere = existsSync(folder);
if (!isThere) console.log(`The shipped checkpoint is not in ${folder}: its pieces are not compared.`);

describe.skipIf(!isThere)('transformer-3 gives the pieces that it always gave', () => {
  const generator = isThere ? createGenerator(readCheckpointFolder(folder)) : undefined;

  it.each(PIECES)('%s of %i notes: %j', async (digest, notes, request) => {
    const { score } = await generator!.generate(request);
    expect(score.tracks.reduce((sum, track) => sum + track.notes.length, 0)).toBe(notes);
    expect(digestOf(score)).toBe(digest);
  });
});
