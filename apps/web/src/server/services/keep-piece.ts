import { isStyle } from '@attune/core/style';
import type { ComposeTask, ConditioningView, TrackSummary } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import { findSource } from '../jobs/order.ts';
import type { Deps } from './deps.ts';
import { newTrackOf } from './new-track.ts';
import { summaryOf } from './summarise.ts';
import { admitUpload, titleFrom } from './upload-track.ts';

/** A piece that a listener's own machine composed, with what that machine says about it. */
export interface DevicePieceWish {
  readonly title: string;
  /** In Base64. */
  readonly midi: string;
  readonly seed: number;
  readonly bars: number;
  readonly conditioning: ConditioningView;
  readonly modelVersion: string;
  readonly tokenizer: string;
  readonly task?: ComposeTask | undefined;
}

/** Stores it among the listener's pieces. Where it was made is part of its provenance, as nobody can check it. */
export async function keepPiece(
  deps: Pick<Deps, 'tracks' | 'files' | 'studio' | 'limits' | 'now' | 'newId'>,
  actor: Actor,
  { title, midi, task, ...made }: DevicePieceWish,
): Promise<TrackSummary> {
  const bytes = new Uint8Array(Buffer.from(midi, 'base64'));
  if (bytes.length === 0) throw new DomainError('upload/empty', 'The piece is empty.');
  if (bytes.length > deps.limits.midiBytes)
    throw new DomainError('upload/too-large', 'The piece is larger than any that can be stored.');
  await admitUpload(deps, actor, bytes.length);
  if ((await deps.tracks.trackIdsOf(actor.id)).length >= deps.limits.tracks) {
    throw new DomainError(
      'upload/limit',
      `You have ${deps.limits.tracks} pieces, the most there may be; remove some first.`,
    );
  }
  const { style } = made.conditioning;
  if (style !== undefined && !isStyle(style))
    throw new DomainError('label/unknown', `There is no style called ${style}.`);
  const source = task && (await findSource(deps, actor.id, task));
  const { midi: stored, description } = await deps.studio.run('describeMidi', { bytes });
  const track = await newTrackOf(deps, {
    id: deps.newId(),
    ownerId: actor.id,
    title: titleFrom(title) ?? 'Untitled',
    kind: 'score',
    source: 'generated',
    description: {
      ...description,
      tonic: made.conditioning.tonic ?? null,
      mode: made.conditioning.mode ?? null,
    },
    provenance: {
      ...made,
      ...(task && source ? { task: { ...task, sourceSha256: source.sha256 } } : {}),
      originality: null,
      wellFormedness: null,
      candidates: 1,
      reasons: [],
      madeOn: 'device',
    },
    file: { kind: 'midi', bytes: stored },
  });
  return summaryOf(track, actor.id, null);
}
