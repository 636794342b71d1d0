/** Levels further under the clip's loudest mel band than this do not count as onsets. */
const ONSET_RANGE_DB = 80;

/** [T], dB: mean rise over the bands since the frame before; the first frame has none. `logMel`: [T, bands], dB. */
export function measureOnsets(logMel: Float32Array, frames: number, bands: number): Float32Array {
  const onsets = new Float32Array(frames);
  let loudest = -Infinity;
  for (let i = 0; i < logMel.length; i++) if (logMel[i]! > loudest) loudest = logMel[i]!;
  const floor = loudest - ONSET_RANGE_DB;
  for (let t = 1; t < frames; t++) {
    let rise = 0;
    for (let i = t * bands, end = i + bands; i < end; i++) {
      const change = Math.max(floor, logMel[i]!) - Math.max(floor, logMel[i - bands]!);
      if (change > 0) rise += change;
    }
    onsets[t] = rise / bands;
  }
  return onsets;
}
