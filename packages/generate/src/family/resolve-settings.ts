import { AttuneError } from '@attune/core';
import type { FamilySampler, SampleRequest } from './model-family.ts';

/** Most samples of one request. */
const MOST_SAMPLES = 64;

/** The settings of a request with defaults filled in. Throws `argument/invalid` naming what is out of range or unknown. */
export function resolveSettings(
  sampler: Pick<FamilySampler, 'name' | 'settings' | 'inputs'>,
  request: SampleRequest,
): Readonly<Record<string, number | string>> {
  const { seed, count, inputs } = request;
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new AttuneError('argument/invalid', `A seed is a whole number from 0, not ${seed}.`, { seed });
  }
  if (!Number.isInteger(count) || count < 1 || count > MOST_SAMPLES) {
    throw new AttuneError('argument/invalid', `1 to ${MOST_SAMPLES} samples can be made, not ${count}.`, {
      count,
    });
  }
  const { fewest, most, kind } = sampler.inputs;
  if (inputs.length < fewest || inputs.length > most) {
    const wanted = fewest === most ? String(fewest) : `${fewest} to ${most}`;
    throw new AttuneError(
      'argument/invalid',
      `${sampler.name} takes ${wanted} inputs, not ${inputs.length}.`,
      {
        inputs: inputs.length,
      },
    );
  }
  inputs.forEach((input, i) => {
    const fits = kind === 'either' ? (input.score ?? input.clip) : input[kind];
    if (!fits) {
      throw new AttuneError('argument/invalid', `Input ${i + 1} of ${sampler.name} is no ${kind}.`, {
        input: i + 1,
      });
    }
  });
  const known = new Map(sampler.settings.map((setting) => [setting.name, setting]));
  for (const name of Object.keys(request.settings)) {
    if (!known.has(name)) {
      throw new AttuneError(
        'argument/invalid',
        `${sampler.name} has no setting "${name}"; there are ${[...known.keys()].join(', ') || 'none'}.`,
        { name },
      );
    }
  }
  return Object.fromEntries(
    sampler.settings.map((setting) => {
      const value = request.settings[setting.name] ?? setting.default;
      const fits =
        setting.kind === 'choice'
          ? typeof value === 'string' && setting.choices.includes(value)
          : typeof value === 'number' && value >= setting.min && value <= setting.max;
      if (fits) return [setting.name, value];
      const range =
        setting.kind === 'choice'
          ? `one of ${setting.choices.join(', ')}`
          : `from ${setting.min} to ${setting.max}`;
      throw new AttuneError('argument/invalid', `${setting.name} is ${range}, not ${value}.`, {
        [setting.name]: value,
      });
    }),
  );
}
