import { AttuneError, countNotes, type Score } from '@attune/core';
import { encodeScore } from '../../node/corpus.ts';
import type { NoteStates } from '../note-states.ts';

/**
 * Layers whose mean states tell the style of a piece best of those tried: of six, the third and the last, as
 * `npm run bench -- classify-benchmarks C2-states` measures them. Counted from 1.
 */
export function telltaleLayers({ layers }: Pick<NoteStates, 'layers'>): number[] {
  return [...new Set([Math.ceil(layers / 2), layers])];
}

/** Names of what `meanStates` gives, in order; each begins with name and version of the network. */
export function meanStateNames({ name, width }: NoteStates, layers: readonly number[]): string[] {
  return layers.flatMap((layer) =>
    Array.from({ length: width }, (_, d) => `${name} layer ${layer} mean ${d}`),
  );
}

/**
 * [layers · width]: mean over the notes of the hidden states after these layers (counted from 1), one layer after the other. The
 * network is told nothing but the notes. Rounded to four digits after the point, of values about 1. Throws `score/invalid` for a
 * score without notes, `argument/invalid` for a layer that there is not.
 */
export function meanStates(network: NoteStates, score: Score, layers: readonly number[]): number[] {
  if (countNotes(score) === 0)
    throw new AttuneError('score/invalid', 'A score without notes has no states.', { notes: 0 });
  requireLayers(network, layers);
  const { id, sequence } = encodeScore(score, { id: '', set: '', style: undefined });
  const states = network.statesOf({ id, sequence, conditioning: {} });
  return layers.flatMap((layer) =>
    Array.from(states[layer - 1]!.subarray(0, network.width), (value) => Number(value.toFixed(4))),
  );
}

/** Throws `argument/invalid` for no layer, one that the network has not, or one named twice. */
export function requireLayers({ name, layers }: NoteStates, wanted: readonly number[]): void {
  const wrong = wanted.find((layer, i) => !(layer >= 1 && layer <= layers) || wanted.indexOf(layer) !== i);
  if (wanted.length > 0 && wrong === undefined) return;
  throw new AttuneError(
    'argument/invalid',
    `${name} has the layers 1 to ${layers}, each to be named once at most, not ${wanted.join(',') || 'none'}.`,
    { layers: wanted.join(',') },
  );
}
