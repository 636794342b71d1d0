import { z } from 'zod';

const finite = z.number().finite();

export const id = z.string().min(1).max(64);
export const take = (max: number, standard: number) => z.number().int().min(1).max(max).default(standard);
export const cursor = z.string().max(200).nullish();
export const stars = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);
export const ratingValue = z.union([stars, z.enum(['skip', 'not-for-me', 'more-like-this'])]);
export const share = finite.min(0).max(1);

export const meter = z.object({
  numerator: z.number().int().min(1).max(32),
  denominator: z.union([
    z.literal(1),
    z.literal(2),
    z.literal(4),
    z.literal(8),
    z.literal(16),
    z.literal(32),
  ]),
});

const pitch = z.number().int().min(0).max(127);

export const conditioning = z.object({
  style: z.string().max(40).optional(),
  tonic: z.number().int().min(0).max(11).optional(),
  mode: z.enum(['major', 'minor']).optional(),
  tempo: finite.min(20).max(320).optional(),
  meter: meter.optional(),
  instruments: z.array(z.number().int().min(0).max(128)).min(1).max(16).optional(),
  density: finite.positive().max(64).optional(),
  range: z.tuple([pitch, pitch]).readonly().optional(),
  energy: share.optional(),
  valence: share.optional(),
  tension: share.optional(),
  form: z.string().max(64).optional(),
});

/** Key of a mood that `recommend.listening` tells. */
export const mood = id;

export const seed = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const chip = z.object({
  kind: z.enum(['feature', 'style', 'instrument', 'track', 'listeners', 'explore']),
  name: z.string().min(1).max(80),
  direction: z.enum(['low', 'high']).nullable(),
});

export const reason = z.object({
  kind: z.enum(['liked-track', 'played-track', 'feature', 'style', 'instrument', 'listeners', 'explore']),
  label: z.string().max(200),
  trackId: id.optional(),
  feature: z.string().max(80).optional(),
  direction: z.enum(['low', 'high']).optional(),
});
