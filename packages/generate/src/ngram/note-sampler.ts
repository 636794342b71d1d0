import { createRng, throwIfCancelled } from '@attune/core';
import { decodeCompound } from '@attune/core/tokens';
import type { FamilyName, FamilySampler, FamilySetting, Sample } from '../family/model-family.ts';
import { resolveSettings } from '../family/resolve-settings.ts';
import type { NgramWish } from './ngram-model.ts';
import type { NotePriors } from './note-priors.ts';

/** What makes a sampler of a model that draws notes one by one. */
export interface NoteSamplerParts {
  readonly name: FamilyName;
  readonly version: string;
  readonly summary: string;
  readonly priors: NotePriors;
  /** [notes × fields] of a piece in the canonical key; see `NgramModel.sample`. */
  readonly draw: (wish: NgramWish) => ArrayLike<number>;
}

const ANY = 'any';

/** Pieces from nothing: style, meter, tempo, instruments and key are drawn, then the notes. */
export function createNoteSampler({ name, version, summary, priors, draw }: NoteSamplerParts): FamilySampler {
  const styles = Object.keys(priors).sort();
  const settings: readonly FamilySetting[] = [
    {
      kind: 'choice',
      name: 'style',
      summary: 'What to sound like; any: each sample another style.',
      choices: [ANY, ...styles],
      default: ANY,
    },
    { kind: 'number', name: 'bars', summary: 'How long.', min: 1, max: 32, step: 1, default: 8 },
  ];
  const sampler = {
    name,
    version,
    summary,
    inputs: { fewest: 0, most: 0, kind: 'score' },
    settings,
  } as const;
  return {
    ...sampler,
    async sample(request, { onProgress, signal } = {}) {
      const wishes = resolveSettings(sampler, request);
      const rng = createRng(request.seed);
      const order = rng.fork('styles').shuffle([...styles]);
      const samples: Sample[] = [];
      for (let i = 0; i < request.count; i++) {
        onProgress?.({ done: i, total: request.count, stage: 'drawing notes' });
        await new Promise((resolve) => setTimeout(resolve)); // let a cancellation have its turn
        throwIfCancelled(signal);
        const own = rng.fork(`sample ${i}`);
        const style = wishes.style === ANY ? order[i % order.length]! : String(wishes.style);
        const headers = priors[style]!;
        const { meter: pair, tempo, instruments } = headers[own.integer(headers.length)]!;
        const meter = { numerator: pair[0], denominator: pair[1] };
        const steps = draw({ style, meter, bars: Number(wishes.bars), instruments, rng: own });
        const shift = own.integer(12) - 6;
        const score = decodeCompound(
          { steps: Int16Array.from(steps), meter, shift },
          { tempo, title: `${style} ${i + 1}` },
        );
        samples.push({ name: `${style} ${i + 1}`, score });
      }
      onProgress?.({ done: request.count, total: request.count, stage: 'drawing notes' });
      return samples;
    },
  };
}
