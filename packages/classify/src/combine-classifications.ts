import { AttuneError } from '@attune/core';
import type { Classification } from './classification.ts';

/** How answers of notes and of sound are brought together; fitted by `fitCombination`. */
export interface Combination {
  /**
   * Label of the sound's model → the labels of the notes' model that it can stand for. What a sound label stands for shares its
   * probability as the notes say.
   */
  readonly standsFor: Readonly<Record<string, readonly string[]>>;
  /** Weight of ln p of the notes, and of the sound: 1 and 0 is the notes alone. */
  readonly notes: number;
  readonly sound: number;
  /** The least probability for which a label is given. */
  readonly threshold: number;
}

/** Both answers on one piece, with its true label among those of the notes' model. */
export interface PairedAnswers {
  readonly notes: Classification;
  readonly sound: Classification;
  readonly truth: string;
}

/** What the shipped model of sound says, in labels of the shipped model of notes. */
export const SOUND_STANDS_FOR: Readonly<Record<string, readonly string[]>> = {
  'art-song': ['art-song'],
  'drums-jazz': ['drums-jazz'],
  'drums-latin': ['drums-latin'],
  'drums-rock': ['drums-rock'],
  folk: ['folk'],
  game: ['game'],
  hymn: ['hymn'],
  'jazz-standard': ['standards', 'jazz'],
  'march-ragtime': ['march', 'ragtime'],
  'string-quartet': ['string-quartet'],
};

/** Of no label that the sound's model knows: as unlikely as a label that it puts at chance. */
const LEAST = 1e-4;

/**
 * One answer from both: p(label) ∝ p_notes(label)^notes · p_sound(label)^sound (logarithmic opinion pool; Genest & Zidek 1986),
 * over the labels of the notes. A label that the sound's model does not know gets what that model gives at chance, so that it
 * neither gains nor loses against the mean of the known ones. Where one of the two finds the piece unfamiliar, the other speaks
 * alone; where both do, nobody does. Throws `argument/invalid` for weights that are no finite numbers ≥ 0.
 */
export function combineClassifications(notes: Classification, sound: Classification, combination: Combination): Classification {
  const { threshold } = combination;
  for (const weight of [combination.notes, combination.sound]) {
    if (!(weight >= 0 && weight < Infinity)) throw new AttuneError('argument/invalid', `A weight of an answer is ${weight}, and at least 0 is needed.`, { weight });
  }
  const model = `${notes.model} + ${sound.model}`;
  const heard = sound.unsure !== 'unfamiliar';
  const read = notes.unsure !== 'unfamiliar';
  const ofSound = soundProbabilities(notes, sound, combination);
  const weightOf = { notes: read || !heard ? combination.notes : 0, sound: heard ? combination.sound : 0 };
  const raw = notes.probabilities.map(({ label, probability }) => ({
    label,
    log: weightOf.notes * Math.log(Math.max(LEAST, probability)) + weightOf.sound * Math.log(Math.max(LEAST, ofSound.get(label)!)),
  }));
  const highest = Math.max(...raw.map(({ log }) => log));
  const total = raw.reduce((sum, { log }) => sum + Math.exp(log - highest), 0);
  const probabilities = raw
    .map(({ label, log }) => ({ label, probability: Math.exp(log - highest) / total }))
    .sort((a, b) => b.probability - a.probability || (a.label < b.label ? -1 : 1));
  const best = probabilities[0]!;
  const unsure = !heard && !read ? 'unfamiliar' : best.probability < threshold ? 'low-confidence' : undefined;
  return { label: unsure ? null : best.label, confidence: best.probability, probabilities, model, ...(unsure && { unsure }) };
}

/** Of each label of the notes: its part of the sound labels that stand for it; of labels that no sound label does, chance. */
function soundProbabilities(notes: Classification, sound: Classification, { standsFor }: Combination): Map<string, number> {
  const ofNotes = new Map(notes.probabilities.map(({ label, probability }) => [label, probability]));
  const found = new Map<string, number>();
  for (const { label, probability } of sound.probabilities) {
    const meant = (standsFor[label] ?? []).filter((own) => ofNotes.has(own));
    const total = meant.reduce((sum, own) => sum + ofNotes.get(own)! + LEAST, 0);
    for (const own of meant) found.set(own, (found.get(own) ?? 0) + (probability * (ofNotes.get(own)! + LEAST)) / total);
  }
  const chance = 1 / Math.max(1, sound.probabilities.length);
  return new Map(notes.probabilities.map(({ label }) => [label, found.get(label) ?? chance]));
}

/** Weights that are tried for each side. */
const WEIGHTS = [0, 0.25, 0.5, 0.75, 1, 1.5, 2];

/**
 * The two weights with the least log loss on answers that neither model was trained on, which makes the result calibrated on
 * them; the notes' own threshold is kept. Throws `argument/invalid` for no answers.
 */
export function fitCombination(answers: readonly PairedAnswers[], standsFor: Combination['standsFor'], threshold: number): Combination {
  if (answers.length === 0) throw new AttuneError('argument/invalid', 'Weights are fitted on answers, and there are none.');
  let best: Combination | undefined;
  let least = Infinity;
  for (const notes of WEIGHTS) {
    for (const sound of WEIGHTS) {
      if (notes + sound === 0) continue;
      const combination = { standsFor, notes, sound, threshold };
      const loss = answers.reduce((sum, answer) => sum + lossOf(answer, combination), 0);
      if (loss < least) [best, least] = [combination, loss];
    }
  }
  return best!;
}

function lossOf({ notes, sound, truth }: PairedAnswers, combination: Combination): number {
  const found = combineClassifications(notes, sound, combination).probabilities.find(({ label }) => label === truth);
  return -Math.log(Math.max(1e-12, found?.probability ?? 0));
}
