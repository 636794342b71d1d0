import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { AssetKind, AssetRecord } from '../repositories/types.ts';
import { findVisibleTrack } from './access.ts';
import type { Deps } from './deps.ts';

export interface Download {
  readonly asset: AssetRecord;
  /** A name for the file at the listener's, safe everywhere. */
  readonly fileName: string;
}

const EXTENSIONS: Readonly<Record<AssetKind, string | undefined>> = {
  midi: 'mid',
  musicxml: 'musicxml',
  wav: 'wav',
  mp3: 'mp3',
  soundfont: 'sf2',
  audio: undefined, // that of the upload
};

/** Finds, and where it can be made makes, a file of a track that the viewer may hear. */
export async function openDownload(
  deps: Pick<Deps, 'tracks' | 'renderer'>,
  actor: Actor,
  { id, kind }: { id: string; kind: AssetKind },
): Promise<Download> {
  const track = await findVisibleTrack(deps, actor, id);
  const asset =
    kind === 'midi' || kind === 'audio'
      ? await deps.tracks.findAsset(id, kind)
      : await deps.renderer.asset(track, kind);
  if (!asset) {
    const missing =
      kind === 'midi'
        ? 'This track is recorded sound: it has no notes.'
        : 'This track has no recorded sound.';
    throw new DomainError('asset/not-found', missing);
  }
  const extension = EXTENSIONS[kind] ?? asset.path.split('.').at(-1) ?? 'bin';
  return { asset, fileName: `${fileStem(track.title)}.${extension}` };
}

/** Letters, digits, spaces and dashes of a title. */
function fileStem(title: string): string {
  const stem = title
    .replace(/[^\p{L}\p{N} \-']/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return stem || 'track';
}
