import fs from 'node:fs';
import path from 'node:path';
import { writeMidi } from '@attune/core/midi';
import type { CatalogueEntry } from '../seed/seed-catalogue.ts';
import { describeScore } from '../worker/describe.ts';
import { createTestPieces } from './test-pieces.ts';

/** Writes a catalogue of test pieces into `folder`, in the form of prisma/seed. */
export async function writeTestCatalogue(folder: string, count: number): Promise<void> {
  fs.mkdirSync(path.join(folder, 'catalogue'), { recursive: true });
  const pieces: CatalogueEntry[] = [];
  for (const { key, score, style, seed } of createTestPieces(count)) {
    const { vector, thumbnail, ...facts } = await describeScore(score);
    const values = (vector?.values ?? []).map((value) => (Number.isNaN(value) ? null : value));
    fs.writeFileSync(path.join(folder, 'catalogue', `${key}.mid`), writeMidi(score));
    pieces.push({
      key,
      title: score.title,
      description: {
        ...facts,
        instruments: [...facts.instruments],
        thumbnail: thumbnail.map((note) => [...note]),
        vector: { space: vector?.space ?? '', values },
        classifications: [
          {
            model: 'test',
            label: style,
            confidence: 0.9,
            probabilities: [{ label: style, probability: 0.9 }],
          },
        ],
      },
      provenance: {
        modelVersion: 'test',
        seed,
        bars: 8,
        conditioning: { style, tempo: facts.tempo ?? 100 },
        tokenizer: null,
        originality: null,
        wellFormedness: null,
        candidates: 1,
      },
    });
  }
  fs.writeFileSync(path.join(folder, 'catalogue.json'), JSON.stringify({ version: 1, pieces }));
}

const [folder, count] = process.argv.slice(2);
if (folder !== undefined && import.meta.filename === process.argv[1])
  await writeTestCatalogue(folder, Number(count ?? 32));
