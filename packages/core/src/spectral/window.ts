import { AttuneError } from '../foundation/errors.ts';

/** Every window that `createWindow` makes. */
export const WINDOW_NAMES = ['hann', 'hamming', 'blackman', 'rectangular', 'sqrt-hann'] as const;
/** One of `WINDOW_NAMES`. */
export type WindowName = (typeof WINDOW_NAMES)[number];

/** Cosine-sum coefficients: w[n] = a0 − a1 cos(2πn / N) + a2 cos(4πn / N). */
const COSINES: Readonly<Record<Exclude<WindowName, 'sqrt-hann'>, readonly [number, number, number]>> = {
  hann: [0.5, 0.5, 0],
  hamming: [0.54, 0.46, 0],
  blackman: [0.42, 0.5, 0.08],
  rectangular: [1, 0, 0],
};

/**
 * Window of `size` samples, [N], periodic (Harris 1978's DFT-even form: the sample at N, not N − 1, equals the first).
 * 'sqrt-hann' is the square root of the Hann window, sin(πn / N): applied before and after, the two make a Hann window.
 * Throws `argument/invalid` for an unknown name or a size that is no positive integer.
 */
export function createWindow(name: WindowName, size: number): Float64Array {
  if (!WINDOW_NAMES.includes(name))
    throw new AttuneError('argument/invalid', `There is no window called ${String(name)}.`, { window: name });
  if (!Number.isInteger(size) || size < 1)
    throw new AttuneError('argument/invalid', `A window has a positive number of samples, not ${size}.`, {
      size,
    });
  if (name === 'sqrt-hann')
    return Float64Array.from({ length: size }, (_, n) => Math.sin((Math.PI * n) / size));
  const [a0, a1, a2] = COSINES[name];
  return Float64Array.from({ length: size }, (_, n) => {
    const angle = (2 * Math.PI * n) / size;
    return a0 - a1 * Math.cos(angle) + a2 * Math.cos(2 * angle);
  });
}
