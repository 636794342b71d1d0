import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Deps } from '../services/deps.ts';
import { newTrackOf } from '../services/new-track.ts';

const thumbnailNote = z.tuple([z.number(), z.number(), z.number()]);
const classification = z.object({
  model: z.string(),
  label: z.string().nullable(),
  unsure: z.enum(['low-confidence', 'unfamiliar']).optional(),
  confidence: z.number(),
  probabilities: z.array(z.object({ label: z.string(), probability: z.number() })),
});

/** One piece of prisma/seed/catalogue.json; its notes lie beside it in catalogue/KEY.mid. */
export const catalogueEntry = z.object({
  key: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string().min(1),
  description: z.object({
    seconds: z.number().positive(),
    tempo: z.number().nullable(),
    meter: z.string().nullable(),
    tonic: z.number().int().nullable(),
    mode: z.enum(['major', 'minor']).nullable(),
    instruments: z.array(z.number().int()),
    vector: z.object({ space: z.string(), values: z.array(z.number().nullable()) }),
    thumbnail: z.array(thumbnailNote),
    classifications: z.array(classification),
  }),
  provenance: z.object({
    modelVersion: z.string(),
    seed: z.number().int(),
    bars: z.number().int(),
    conditioning: z.record(z.string(), z.unknown()),
    tokenizer: z.string().nullable(),
    originality: z.number().nullable(),
    wellFormedness: z.number().nullable(),
    candidates: z.number().int(),
  }),
});
export type CatalogueEntry = z.infer<typeof catalogueEntry>;
const catalogueFile = z.object({ version: z.literal(1), pieces: z.array(catalogueEntry) });
export type CatalogueFile = z.infer<typeof catalogueFile>;

/** Adds the pieces of the catalogue that are not there yet; nothing is computed, so it takes a moment only. */
export async function seedCatalogue(
  deps: Pick<Deps, 'tracks' | 'files' | 'now'>,
  folder: string,
): Promise<{ added: number; total: number }> {
  const text = await fs
    .readFile(path.join(/*turbopackIgnore: true*/ folder, 'catalogue.json'), 'utf8')
    .catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
  const known = await deps.tracks.catalogueKeys();
  if (text === undefined) return { added: 0, total: known.size };
  const { pieces } = catalogueFile.parse(JSON.parse(text));
  const fresh = pieces.filter(({ key }) => !known.has(key));
  for (const piece of fresh) await addPiece(deps, folder, piece);
  return { added: fresh.length, total: known.size + fresh.length };
}

async function addPiece(
  deps: Pick<Deps, 'tracks' | 'files' | 'now'>,
  folder: string,
  { key, title, description, provenance }: CatalogueEntry,
): Promise<void> {
  const bytes = await fs.readFile(path.join(/*turbopackIgnore: true*/ folder, 'catalogue', `${key}.mid`));
  const { vector } = description;
  await newTrackOf(deps, {
    id: `catalogue-${key}`,
    ownerId: null,
    catalogueKey: key,
    title,
    kind: 'score',
    source: 'catalogue',
    description: {
      ...description,
      thumbnail: description.thumbnail,
      vector: { space: vector.space, values: vector.values.map((value) => value ?? NaN) },
    },
    provenance: { ...provenance, reasons: [] },
    file: { kind: 'midi', bytes },
  });
}
