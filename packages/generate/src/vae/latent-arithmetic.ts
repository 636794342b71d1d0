import { AttuneError, cholesky, solveLower, solveUpper } from '@attune/core';

/** Where an attribute leads: one standard deviation of it is `direction` away. */
export interface LatentDirections {
  /** Means and standard deviations of the attributes over the pieces that they were learned from. */
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** [attributes][latent] */
  readonly directions: readonly Float32Array[];
}

/**
 * Directions in latent space by least squares: latents as a linear function of all standardised attributes together,
 * so that along one direction the others stay as they are on average. (Roberts et al. 2018 subtract the means of pieces with
 * and without an attribute, which moves along with it what usually goes with it.) Throws `argument/invalid` for
 * fewer pieces than attributes or values that are not finite.
 */
export function fitDirections(
  latents: readonly Float32Array[],
  attributes: readonly Float64Array[],
): LatentDirections {
  const [pieces, count] = [latents.length, attributes[0]?.length ?? 0];
  if (pieces <= count || attributes.length !== pieces) {
    throw new AttuneError('argument/invalid', `${pieces} pieces are too few for ${count} directions.`, {
      pieces,
    });
  }
  const bad = attributes.findIndex((values) => values.some((value) => !Number.isFinite(value)));
  if (bad >= 0)
    throw new AttuneError('argument/invalid', `An attribute of piece ${bad} is not finite.`, { piece: bad });
  const means = new Float64Array(count).map((_, k) => mean(attributes.map((values) => values[k]!)));
  const deviations = means.map(
    (centre, k) => Math.sqrt(mean(attributes.map((v) => (v[k]! - centre) ** 2))) || 1,
  );
  const scaled = attributes.map((values) => values.map((value, k) => (value - means[k]!) / deviations[k]!));
  const gram = new Float64Array(count * count);
  for (const row of scaled) {
    for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) gram[i * count + j]! += row[i]! * row[j]!;
  }
  for (let i = 0; i < count; i++) gram[i * count + i]! += 1e-6 * pieces;
  const factor = cholesky(gram, count);
  const latent = latents[0]!.length;
  const directions = Array.from({ length: count }, () => new Float32Array(latent));
  for (let d = 0; d < latent; d++) {
    const right = new Float64Array(count);
    scaled.forEach((row, n) => row.forEach((value, k) => (right[k]! += value * latents[n]![d]!)));
    solveUpper(factor, solveLower(factor, right)).forEach((value, k) => (directions[k]![d] = value));
  }
  return { means, deviations, directions };
}

/** z + Σ amounts · directions; `amounts` in standard deviations of the attributes. */
export function moveLatent(
  z: Float32Array,
  directions: readonly Float32Array[],
  amounts: readonly number[],
): Float32Array {
  const moved = Float32Array.from(z);
  amounts.forEach((amount, k) => {
    if (amount !== 0) directions[k]!.forEach((value, d) => (moved[d]! += amount * value));
  });
  return moved;
}

/**
 * The point at share `t` of the way from a to b on the great circle through both (Shoemake 1985), the length going
 * evenly from one to the other: most of a Gaussian's mass lies near a sphere, which a straight line would leave. Where a
 * and b point the same or opposite way, a straight line.
 */
export function interpolateLatents(a: Float32Array, b: Float32Array, t: number): Float32Array {
  const [lengthA, lengthB] = [norm(a), norm(b)];
  let product = 0;
  for (let i = 0; i < a.length; i++) product += a[i]! * b[i]!;
  const cosine = lengthA > 0 && lengthB > 0 ? product / (lengthA * lengthB) : 1;
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  if (Math.sin(angle) < 1e-4) return a.map((value, i) => value + t * (b[i]! - value));
  const length = lengthA + t * (lengthB - lengthA);
  const [shareA, shareB] = [Math.sin((1 - t) * angle) / lengthA, Math.sin(t * angle) / lengthB];
  return a.map((value, i) => (length / Math.sin(angle)) * (shareA * value + shareB * b[i]!));
}

/**
 * The direction in latent space along which liking rises: ridge regression of likings (−1 … 1) on latents, in the
 * dual form, since listeners rate fewer pieces than a latent has dimensions. Of length 1; all zeros where the likings are
 * equal. Throws `argument/invalid` for unequal counts or values that are not finite.
 */
export function tasteDirection(
  latents: readonly Float32Array[],
  likings: readonly number[],
  ridge = 10,
): Float32Array {
  const count = latents.length;
  if (count === 0 || likings.length !== count || !likings.every(Number.isFinite)) {
    throw new AttuneError(
      'argument/invalid',
      `${count} latents need as many likings, not ${likings.length}.`,
      { count },
    );
  }
  const latent = latents[0]!.length;
  const centre = Float64Array.from({ length: latent }, (_, d) => mean(latents.map((z) => z[d]!)));
  const apart = latents.map((z) => Float64Array.from(z, (value, d) => value - centre[d]!));
  const average = mean(likings);
  const kernel = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      kernel[i * count + j] = apart[i]!.reduce(
        (sum, value, d) => sum + value * apart[j]![d]!,
        i === j ? ridge : 0,
      );
    }
  }
  const factor = cholesky(kernel, count);
  const weights = solveUpper(
    factor,
    solveLower(
      factor,
      Float64Array.from(likings, (value) => value - average),
    ),
  );
  const direction = new Float32Array(latent);
  apart.forEach((z, n) => z.forEach((value, d) => (direction[d]! += weights[n]! * value)));
  const length = norm(direction);
  return length > 1e-12 ? direction.map((value) => value / length) : direction.fill(0);
}

/** Indices of the latents nearest to `z` by angle, nearest first; at most `count`. */
export function nearestLatents(z: Float32Array, latents: readonly Float32Array[], count: number): number[] {
  const length = norm(z);
  const likeness = latents.map((other) => {
    let product = 0;
    for (let i = 0; i < z.length; i++) product += z[i]! * other[i]!;
    return product / (length * norm(other) || 1);
  });
  return likeness
    .map((_, i) => i)
    .sort((a, b) => likeness[b]! - likeness[a]! || a - b)
    .slice(0, count);
}

function norm(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
