import { AttuneError, throwIfCancelled, type Rng } from '@attune/core';
import { conditionRow, type MelodyWish } from './condition.ts';
import type { Denoiser } from './denoiser.ts';
import { noiseAt } from './noise-schedule.ts';

/** What is to be made. */
export interface DiffuseRequest {
  /** Phrases of the melody, from 1 to as many as the model takes. */
  readonly phrases: number;
  readonly wish?: MelodyWish;
  /** How much the wishes are stressed; 1: as learned (classifier-free guidance, Ho & Salimans 2022). */
  readonly guidance?: number;
  /** Letters of the plan [P]; absent: open. */
  readonly letters?: Int32Array;
  /** Correlation of the noise that phrases of one letter begin from, 0 to 1. Default 0.98. */
  readonly likeness?: number;
  /** Latents that are given, undefined where one is to be made [P]. */
  readonly given?: readonly (Float32Array | undefined)[];
  /** A direction in latent space [latent] along which all that is made is moved, such as a listener's taste. */
  readonly towards?: Float32Array;
  /** Updates from noise to music. Default 20. */
  readonly steps?: number;
}

const DEFAULT_STEPS = 20;
const DEFAULT_LIKENESS = 0.98;
/** Latents are standardised: what lies further out is cut off while denoising. */
const FURTHEST = 4;

/**
 * The latents of a new melody [P][latent], by DDIM without noise (Song et al. 2021) from noise drawn by `rng`. Given
 * phrases are told to the network and come back as they are. Throws `argument/invalid`, and `cancelled` when the signal fires.
 */
export async function diffuse(
  denoiser: Denoiser,
  request: DiffuseRequest,
  rng: Rng,
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  const { config, scale } = denoiser;
  const { latent, phrases: most, letters: letterCount } = config.shape;
  const { phrases, wish = {}, guidance = 1, given = [], towards, steps = DEFAULT_STEPS } = request;
  if (!Number.isInteger(phrases) || phrases < 1 || phrases > most) {
    throw new AttuneError('argument/invalid', `A melody has 1 to ${most} phrases, not ${phrases}.`, {
      phrases,
    });
  }
  const x = Float32Array.from({ length: phrases * latent }, () => rng.normal());
  if (request.letters) shareNoise(x, request.letters, latent, request.likeness ?? DEFAULT_LIKENESS);
  const known = new Float32Array(phrases * latent);
  const isGiven = new Float32Array(phrases);
  given.forEach((z, p) => {
    if (!z) return;
    isGiven[p] = 1;
    z.forEach((value, d) => (known[p * latent + d] = (value - scale.means[d]!) / scale.deviations[d]!));
  });
  const open = request.letters === undefined;
  const letters = Int32Array.from({ length: phrases }, (_, p) => (open ? letterCount : request.letters[p]!));
  const isFree = wish.style === undefined && !wish.key && Object.keys(wish.attributes ?? {}).length === 0;
  for (let step = 0; step < steps; step++) {
    throwIfCancelled(signal);
    const [now, next] = [noiseAt(1 - step / steps), noiseAt(1 - (step + 1) / steps)];
    const input = { rows: 1, phrases, noisy: x, given: known, isGiven, letters };
    const told = (asked: MelodyWish): Float32Array =>
      denoiser.velocity({ ...input, conditions: conditionRow(config, 1 - step / steps, asked) });
    const v = told(wish);
    if (!isFree && guidance !== 1) {
      const plain = told({});
      for (let i = 0; i < v.length; i++) v[i] = plain[i]! + guidance * (v[i]! - plain[i]!);
    }
    for (let p = 0; p < phrases; p++) {
      for (let d = 0; d < latent; d++) {
        const i = p * latent + d;
        const found = now.signal * x[i]! - now.noise * v[i]!;
        const shifted =
          found + (towards && !isGiven[p] ? (towards[d]! / scale.deviations[d]!) * now.noise : 0);
        const clean = isGiven[p] ? known[i]! : Math.min(FURTHEST, Math.max(-FURTHEST, shifted));
        const noise = (x[i]! - now.signal * clean) / Math.max(1e-3, now.noise);
        x[i] = next.signal * clean + (step === steps - 1 ? 0 : next.noise * noise);
      }
    }
    if (step % 4 === 3) await new Promise((resolve) => setTimeout(resolve)); // let an abort, or a server, have its turn
  }
  return Array.from({ length: phrases }, (_, p) => {
    const known = given[p];
    if (known) return Float32Array.from(known);
    return Float32Array.from(
      { length: latent },
      (__, d) => scale.means[d]! + scale.deviations[d]! * x[p * latent + d]!,
    );
  });
}

/**
 * Phrases of one letter begin from noise that is correlated with that of the first of them, each still of deviation 1: since
 * nothing is drawn afterwards, they come out as alike as the plan says, whatever the network has learned of plans.
 */
function shareNoise(x: Float32Array, letters: Int32Array, latent: number, likeness: number): void {
  const own = Math.sqrt(1 - likeness * likeness);
  letters.forEach((letter, p) => {
    const first = letters.indexOf(letter);
    if (first === p) return;
    for (let d = 0; d < latent; d++) {
      const at = p * latent + d;
      x[at] = likeness * x[first * latent + d]! + own * x[at]!;
    }
  });
}
