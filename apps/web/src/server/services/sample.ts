import type { SamplerView } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import { findSourceTrack } from './access.ts';
import type { QueueNeeds } from './compose.ts';
import { queueJob } from './compose.ts';
import type { Deps } from './deps.ts';

export interface SampleWish {
  readonly family: string;
  readonly count: number;
  readonly sourceTrackIds: readonly string[];
  readonly settings: Readonly<Record<string, number | string>>;
  readonly seed?: number | undefined;
}

/** Most pieces that one wish may ask for. */
export const MOST_SAMPLES = 16;

/** The kinds of model beside the composer that are installed. */
export function listSamplers(deps: Pick<Deps, 'samplers'>): Promise<readonly SamplerView[]> {
  return deps.samplers();
}

/** Queues a wish to another kind of model, once everything about it makes sense. */
export async function startSampling(
  deps: QueueNeeds & Pick<Deps, 'tracks' | 'samplers'>,
  actor: Actor,
  { seed, ...wish }: SampleWish,
): Promise<{ jobId: string }> {
  const sampler = (await deps.samplers()).find(({ name }) => name === wish.family);
  if (!sampler)
    throw new DomainError('model/missing', `There is no model called ${wish.family} on this machine.`);
  const fault = faultOfSample(sampler, wish);
  if (fault !== null) throw new DomainError('input/invalid', fault);
  for (const id of wish.sourceTrackIds) {
    const track = await findSourceTrack(deps, actor.id, id);
    if (sampler.inputs.kind === 'score' && track.kind !== 'score') {
      throw new DomainError('input/invalid', `${track.title} is recorded sound; choose a track with notes.`);
    }
  }
  return queueJob(deps, actor, { request: { mode: 'sample', sample: wish }, bars: 0, seed });
}

/** Why a wish does not suit a model, in one sentence; null where it does. */
export function faultOfSample(
  { inputs, settings }: SamplerView,
  wish: Omit<SampleWish, 'family' | 'seed'>,
): string | null {
  if (!Number.isInteger(wish.count) || wish.count < 1 || wish.count > MOST_SAMPLES) {
    return `1 to ${MOST_SAMPLES} pieces can be made at once, not ${wish.count}.`;
  }
  const { fewest, most } = inputs;
  const given = wish.sourceTrackIds.length;
  if (given < fewest || given > most) {
    return `Choose ${fewest === most ? fewest : `${fewest} to ${most}`} ${most === 1 ? 'track' : 'tracks'} to start from, not ${given}.`;
  }
  const known = new Map(settings.map((setting) => [setting.name, setting]));
  for (const [name, value] of Object.entries(wish.settings)) {
    const setting = known.get(name);
    if (!setting) return `There is no setting called ${name}.`;
    if (setting.kind === 'choice') {
      if (!setting.choices.includes(String(value)))
        return `${name} can be ${setting.choices.join(', ')}, not ${value}.`;
    } else if (typeof value !== 'number' || !(value >= setting.min && value <= setting.max)) {
      return `${name} can be ${setting.min} to ${setting.max}, not ${value}.`;
    }
  }
  return null;
}
