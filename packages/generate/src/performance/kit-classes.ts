/**
 * The nine classes of drums that MusicVAE and Groove tell apart, with the General MIDI keys (and those of the Roland kits that
 * Groove was recorded on: 22, 26, 58) that each stands for; the first is the one written.
 */
export const KIT_CLASSES: readonly (readonly [key: number, ...others: number[]])[] = [
  [36, 35], // kick
  [38, 40], // snare
  [37, 39], // stick, clap
  [42, 22, 44], // closed hat, pedal
  [46, 26], // open hat
  [45, 41, 43], // low toms
  [48, 47, 50, 58], // high toms
  [49, 52, 55, 57], // crash
  [51, 53, 59], // ride
];
const CLASS_OF_KEY = new Map(KIT_CLASSES.flatMap((keys, i) => keys.map((key) => [key, i] as const)));

/** Index in `KIT_CLASSES` of a percussion key; undefined for hand percussion and other sounds. */
export function kitClassOf(key: number): number | undefined {
  return CLASS_OF_KEY.get(key);
}
