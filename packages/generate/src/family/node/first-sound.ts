import { loadSoundFont } from '@attune/core/node';
import { renderScoreStream } from '@attune/core/synth';
import type { FamilySampler } from '../model-family.ts';
import type { FamilyTable } from './family-tools.ts';

/** Samples drawn to find how many are made a second, the first one aside. */
const WARM = 4;

/**
 * How long a listener waits for what a sampler makes of nothing but its default settings: until it is ready, until the
 * first sample, until its first fifth of a second can be heard; and samples a second when everything is warm. Samplers work
 * on plain arrays, so that the tensor library that trained the model does not matter.
 */
export async function firstSoundTable(
  load: () => Promise<FamilySampler>,
  seed: number,
): Promise<FamilyTable> {
  const bank = await loadSoundFont();
  const start = performance.now();
  const sampler = await load();
  const ready = performance.now();
  const request = { seed, count: 1, inputs: [], settings: {} };
  const [sample] = await sampler.sample(request);
  const made = performance.now();
  if (sample!.score) {
    const blocks = renderScoreStream(sample!.score, bank);
    await blocks.next();
    await blocks.return();
  }
  const heard = performance.now();
  await sampler.sample({ ...request, seed: seed + 1, count: WARM });
  const each = (performance.now() - heard) / WARM;
  const row = (name: string, milliseconds: number): string[] => [name, milliseconds.toFixed(0)];
  return {
    title: `Until the first sound, one core, plain arrays, default settings, no input (${sampler.version})`,
    header: ['', 'milliseconds'],
    rows: [
      row('checkpoint read, sampler ready', ready - start),
      row('first sample made, nothing warm', made - ready),
      row('its first 0.2 s sounded, SoundFont in memory', heard - made),
      row('first sound, in all', heard - start),
      row(`a sample when warm (${(1000 / each).toFixed(2)} a second)`, each),
    ],
  };
}
