import type { SymbolicContext } from './context.ts';
import type { SymbolicFeature } from './definition.ts';
import { entropy, share } from './statistics.ts';

/**
 * Parts of the kit by General MIDI 1.0 percussion key, with the edge and rim sounds of the electronic kit of Gillick
 * et al. (2019) (22, 26 hi-hat edges; 58 a tom's rim).
 */
const KIT = {
  kick: [35, 36],
  snare: [37, 38, 39, 40],
  hat: [22, 26, 42, 44, 46],
  ride: [51, 53, 59],
  crash: [49, 52, 55, 57],
  tom: [41, 43, 45, 47, 48, 50, 58],
} as const;
type KitPart = keyof typeof KIT;

const PART_OF_KEY: ReadonlyMap<number, KitPart> = new Map(
  (Object.keys(KIT) as KitPart[]).flatMap((part) => KIT[part].map((key): [number, KitPart] => [key, part])),
);
const STEPS = 16;

export const DRUM_FEATURES: readonly SymbolicFeature[] = [
  ...(Object.keys(KIT) as KitPart[]).map((part) =>
    feature(
      `drum-${part}`,
      `Drum notes that are a ${part}.`,
      'McKay 2010 (jSymbolic), unpitched percussion histogram',
      (c) => share(rowsOf(c, part).length, c.drums.length),
    ),
  ),
  feature('drum-other', 'Drum notes outside the six parts of the kit.', 'own', (c) =>
    share(c.drums.filter((row) => !PART_OF_KEY.has(c.notes.pitch[row]!)).length, c.drums.length),
  ),
  feature('drum-sideStick', 'Drum notes that are a side stick (37).', 'own', (c) =>
    share(c.drums.filter((row) => c.notes.pitch[row] === 37).length, c.drums.length),
  ),
  feature('drum-ghostSnare', 'Snare notes of velocity below 48.', 'own', (c) =>
    share(rowsOf(c, 'snare').filter((row) => c.notes.velocity[row]! < 48).length, rowsOf(c, 'snare').length),
  ),
  {
    ...feature('drum-keyEntropy', 'Entropy of the counts of drum keys.', 'own', (c) => entropy(keyCounts(c))),
    unit: 'bits',
  },
  ...(['kick', 'snare', 'hat', 'ride'] as const).flatMap((part) =>
    Array.from({ length: STEPS }, (_, step) =>
      feature(
        `drum-${part}-${step}`,
        `Notes of the ${part} nearest to step ${step} of 16 in the bar.`,
        'own, after Gere et al. 2024 (drum style)',
        (c) => stepShare(c, part, step),
      ),
    ),
  ),
];

function feature(
  name: string,
  description: string,
  source: string,
  value: (context: SymbolicContext) => number,
): SymbolicFeature {
  return { name, group: 'drums', unit: 'share', description, source, value };
}

function rowsOf({ notes, drums }: SymbolicContext, part: KitPart): number[] {
  return drums.filter((row) => PART_OF_KEY.get(notes.pitch[row]!) === part);
}

function keyCounts({ notes, drums }: SymbolicContext): number[] {
  const counts = new Array<number>(128).fill(0);
  for (const row of drums) counts[notes.pitch[row]!]!++;
  return counts;
}

function stepShare(context: SymbolicContext, part: KitPart, step: number): number {
  if (context.drums.length === 0) return 0;
  const rows = rowsOf(context, part);
  return share(
    rows.filter((row) => Math.round(context.beats.inBar[row]! * STEPS) % STEPS === step).length,
    rows.length,
  );
}
