import type { Score } from '@attune/core';
import { readCheckpointFolder } from '@attune/core/node';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { GenerationRequest } from '../generator.ts';
import { shippedCheckpointFolder } from './node/shipped-generator.ts';
import { createGenerator } from './transformer-generator.ts';

/**
 * Digest and number of the notes that transformer-2 gave when it was first shipped. Catalogues name pieces by request
 * and seed, so that these must not change. The last is longer than the window.
 */
const PIECES: readonly (readonly [digest: string, notes: number, request: GenerationRequest])[] = [
  ['e01163a39c131b4c', 41, { conditioning: { style: 'art-song' }, bars: 4, seed: 100 }],
  ['b2d1275f4f73b136', 26, { conditioning: { style: 'baroque' }, bars: 4, seed: 101 }],
  ['fcaadecc0e2f0a08', 76, { conditioning: { style: 'classical' }, bars: 4, seed: 102 }],
  ['bc906dfdff7f7297', 97, { conditioning: { style: 'drums-funk' }, bars: 4, seed: 103 }],
  ['aa648a791cf4577d', 52, { conditioning: { style: 'drums-jazz' }, bars: 4, seed: 104 }],
  ['f57ca70b49760805', 108, { conditioning: { style: 'drums-latin' }, bars: 4, seed: 105 }],
  ['41e23089061add16', 73, { conditioning: { style: 'drums-rock' }, bars: 4, seed: 106 }],
  ['af7e85ec4fb3741b', 15, { conditioning: { style: 'folk' }, bars: 4, seed: 107 }],
  ['8f6a055db8dec387', 284, { conditioning: { style: 'game' }, bars: 4, seed: 108 }],
  ['7ac21891470dddc8', 64, { conditioning: { style: 'hymn' }, bars: 4, seed: 109 }],
  ['129fd3e3aca434a7', 36, { conditioning: { style: 'march' }, bars: 4, seed: 110 }],
  ['95519428d05b86af', 56, { conditioning: { style: 'ragtime' }, bars: 4, seed: 111 }],
  ['7e2e76e6ab99f06f', 57, { conditioning: { style: 'renaissance' }, bars: 4, seed: 112 }],
  ['10ec3635a4fdea15', 47, { conditioning: { style: 'romantic' }, bars: 4, seed: 113 }],
  ['307342c78b62f653', 19, { conditioning: { style: 'standards' }, bars: 4, seed: 114 }],
  ['3c54fa9c48bcf5da', 71, { conditioning: { style: 'string-quartet' }, bars: 4, seed: 115 }],
  ['71a56d68ed04f10c', 53, { conditioning: { style: 'pop' }, bars: 4, seed: 116 }],
  ['914874d99c6a2243', 195, { conditioning: { style: 'rock' }, bars: 4, seed: 117 }],
  ['2f3eb75d005412b2', 87, { conditioning: { style: 'jazz' }, bars: 4, seed: 118 }],
  ['1c211a3198384eb6', 125, { conditioning: { style: 'latin' }, bars: 4, seed: 119 }],
  ['7b6f878da7525f67', 116, { conditioning: { style: 'funk' }, bars: 4, seed: 120 }],
  ['74a06d17451b894d', 85, { conditioning: { style: 'electronic' }, bars: 4, seed: 121 }],
  ['255ea5c7c0842c05', 12, { conditioning: { style: 'standards' }, bars: 4, seed: 7, guidance: 1 }],
  [
    'aeebf0394ed05c70',
    67,
    { conditioning: { style: 'folk', energy: 0.8 }, bars: 8, seed: 8, temperature: 0.8, topP: 0.9 },
  ],
  [
    'c582dcdf819e1498',
    45,
    { conditioning: { style: 'classical', instruments: [40, 41, 42] }, bars: 6, seed: 9, topP: 1 },
  ],
  ['7c80a75a5561d16b', 117, { conditioning: {}, bars: 4, seed: 10 }],
  ['985406b1ed3b00bb', 92, { conditioning: { style: 'folk', form: 'AABA' }, bars: 16, seed: 11 }],
  ['ff984f83bb016e7d', 700, { conditioning: { style: 'hymn' }, bars: 72, seed: 11 }],
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

describe.skipIf(!isThere)('transformer-2 gives the pieces that it always gave', () => {
  const generator = isThere ? createGenerator(readCheckpointFolder(folder)) : undefined;

  it.each(PIECES)('%s of %i notes: %j', async (digest, notes, request) => {
    const { score } = await generator!.generate(request);
    expect(score.tracks.reduce((sum, track) => sum + track.notes.length, 0)).toBe(notes);
    expect(digestOf(score)).toBe(digest);
  });
});
