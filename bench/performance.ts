import { createScore, type Score } from '@attune/core';
import { readMidiLenient } from '@attune/core/midi';
import { findDataDir, openDataSet, splitOf } from '@attune/core/node';
import { DEFAULT_RULES, performScore, RULE_NAMES, type PerformanceRules } from '@attune/generate';
import path from 'node:path';

export const summary =
  'how much of human dynamics the performance rules foretell, rule by rule, on held-out pieces';

const OFF = Object.fromEntries(RULE_NAMES.map((name) => [name, 0])) as unknown as PerformanceRules;
const RULES: readonly (keyof PerformanceRules)[] = [
  'phraseArch', 'highLoud', 'melodicCharge', 'durationContrast', 'metricalAccent', 'melodyLead', 'noise',
]; // prettier-ignore

/** `[PIECES]`: POP909 pieces of the held-out tenth (default 80). Velocities are taken away, played again and compared. */
export function run(args: readonly string[]): void {
  const folder = findDataDir();
  if (!folder) {
    console.log('No data folder: set ATTUNE_DATA_DIR.');
    return;
  }
  const limit = args[0] === undefined ? 80 : Number(args[0]);
  const scores = openDataSet(path.join(folder, 'pop909'))
    .items.filter(({ group }) => splitOf(group) === 'test')
    .slice(0, limit)
    .map((item) => readMidiLenient(item.bytes()).score);
  console.log(
    `Correlation of velocities with the player's, mean over the tracks of ${scores.length} pop piano pieces:\n`,
  );
  const row = (name: string, rules: Partial<PerformanceRules>): void => {
    const values = scores.flatMap((score) => correlations(score, { ...OFF, ...rules }));
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const error = Math.sqrt(values.reduce((s, x) => s + (x - mean) ** 2, 0) / values.length ** 2);
    console.log(`${name.padEnd(20)} ${mean.toFixed(3)} ± ${(1.96 * error).toFixed(3)}`);
  };
  for (const rule of RULES) row(`${rule} alone`, { [rule]: 1 });
  row('all by default', DEFAULT_RULES);
  row('default, no noise', { ...DEFAULT_RULES, noise: 0 });
}

/** Per track with dynamics: correlation of human velocities with those that the rules give to a flat copy. */
function correlations(score: Score, rules: Partial<PerformanceRules>): number[] {
  const flat = createScore({
    ...score,
    tracks: score.tracks.map((track) => ({
      ...track,
      notes: track.notes.map((note) => ({ ...note, velocity: 80 })),
    })),
  });
  const played = performScore(flat, { seed: 1, rules });
  return score.tracks.flatMap(({ notes, isDrum }, t) => {
    if (isDrum || notes.length < 50) return [];
    const told = played.tracks[t]!.notes;
    // Starts move, so that the order may change: compare by pitch and order within the pitch.
    const order = (list: typeof notes): number[] =>
      list
        .map((_, i) => i)
        .sort((a, b) => list[a]!.pitch - list[b]!.pitch || list[a]!.start - list[b]!.start);
    const [a, b] = [order(notes), order(told)];
    return [
      correlation(
        a.map((i) => notes[i]!.velocity),
        b.map((i) => told[i]!.velocity),
      ),
    ];
  });
}

function correlation(x: readonly number[], y: readonly number[]): number {
  const mean = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((value, i) => {
    xy += (value - mx) * (y[i]! - my);
    xx += (value - mx) ** 2;
    yy += (y[i]! - my) ** 2;
  });
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}
