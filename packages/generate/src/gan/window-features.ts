import { KIT_CLASSES } from '../performance/kit-classes.ts';
import { CELLS, PART_CELLS, STEPS_PER_QUARTER, WINDOW_STEPS } from './band-roll.ts';
import { pitchClasses, tonalDistance } from './measures.ts';

const PITCHED = ['melody', 'comping', 'pad', 'bass'] as const;

/**
 * What a window sounds like in 36 numbers, for `frechetDistance`: for each pitched part whether it is silent, strokes
 * a quarter, share of strokes on beats, steps sounded by a cell that is on a stroke, mean pitch in octaves, pitch classes
 * used; strokes a quarter of each drum and the share of them on eighths; tonal distances of melody and comping, and
 * of comping and bass. What a silent part does not have is 0.
 */
export function windowFeatures(cells: Uint8Array): Float64Array {
  const features: number[] = [];
  for (const part of PITCHED) {
    const { from, count, low, strike } = PART_CELLS[part];
    let [on, strokes, onBeats, pitches] = [0, 0, 0, 0];
    for (let step = 0; step < WINDOW_STEPS; step++) {
      let sounding = 0;
      for (let i = 0; i < count; i++) {
        if (cells[step * CELLS + from + i] === 0) continue;
        sounding++;
        pitches += low + i;
      }
      on += sounding;
      if (sounding === 0 || cells[step * CELLS + strike] === 0) continue;
      strokes++;
      if (step % STEPS_PER_QUARTER === 0) onBeats++;
    }
    const used = pitchClasses(cells, part).filter((n) => n > 0).length;
    features.push(
      on === 0 ? 1 : 0,
      (strokes / WINDOW_STEPS) * STEPS_PER_QUARTER,
      strokes === 0 ? 0 : onBeats / strokes,
      strokes === 0 ? 0 : on / strokes,
      on === 0 ? 0 : pitches / on / 12,
      used,
    );
  }
  let [drums, onEighths] = [0, 0];
  for (let drum = 0; drum < KIT_CLASSES.length; drum++) {
    let strokes = 0;
    for (let step = 0; step < WINDOW_STEPS; step++) {
      if (cells[step * CELLS + PART_CELLS.drums.from + drum] === 0) continue;
      strokes++;
      if (step % 2 === 0) onEighths++;
    }
    drums += strokes;
    features.push((strokes / WINDOW_STEPS) * STEPS_PER_QUARTER);
  }
  features.push(drums === 0 ? 0 : onEighths / drums);
  const distance = (a: (typeof PITCHED)[number], b: (typeof PITCHED)[number]): number => {
    const [p, q] = [pitchClasses(cells, a), pitchClasses(cells, b)];
    return p.some((n) => n > 0) && q.some((n) => n > 0) ? tonalDistance(p, q) : 0;
  };
  features.push(distance('melody', 'comping'), distance('comping', 'bass'));
  return Float64Array.from(features);
}
