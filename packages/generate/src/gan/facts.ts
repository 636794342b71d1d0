import { BAND_PARTS, type BandPart } from '../performance/band-parts.ts';
import {} from './band-roll.ts';

/** One-hot style, then a 1 for each given part: [rows × (styles + parts)]. */
export function factsOf(
  styles: readonly number[],
  count: number,
  given: readonly (readonly BandPart[])[],
): Float32Array {
  const width = count + BAND_PARTS.length;
  const facts = new Float32Array(styles.length * width);
  styles.forEach((style, row) => {
    facts[row * width + style] = 1;
    for (const part of given[row]!) facts[row * width + count + BAND_PARTS.indexOf(part)] = 1;
  });
  return facts;
}
