import type { Provenance, TrackKind, TrackSource } from '../../api/types.ts';
import { styleOfLabel } from '../../lib/same-label.ts';
import type { AssetKind, TrackRecord, TrackRepository } from '../repositories/types.ts';
import { sketchPath, type FileStore } from '../storage/file-store.ts';
import type { Description } from '../worker/protocol.ts';

export interface TrackParts {
  readonly id: string;
  readonly ownerId: string | null;
  readonly catalogueKey?: string;
  readonly title: string;
  readonly kind: TrackKind;
  readonly source: TrackSource;
  readonly description: Description;
  readonly provenance: Provenance | null;
  readonly file: {
    readonly kind: 'midi' | 'audio';
    readonly bytes: Uint8Array;
    readonly extension?: string;
    readonly mime?: string;
  };
}

interface Needs {
  readonly tracks: TrackRepository;
  readonly files: FileStore;
  readonly now: () => Date;
}

/** Stores a track: its file first, then its rows; if the rows cannot be written the file goes again. */
export async function newTrackOf(deps: Needs, parts: TrackParts): Promise<TrackRecord> {
  const { id, description, file } = parts;
  const name = file.kind === 'midi' ? 'track.mid' : `original.${file.extension ?? 'bin'}`;
  const stored = await deps.files.write(assetPath(id, name), file.bytes);
  const { thumbnail, classifications, vector, sketch, ...facts } = description;
  const track: TrackRecord = {
    id,
    ownerId: parts.ownerId,
    catalogueKey: parts.catalogueKey ?? null,
    title: parts.title,
    kind: parts.kind,
    source: parts.source,
    // What a piece was composed as is known; of others the classifier may know.
    style: parts.provenance?.conditioning.style ?? styleOfLabel(classifications[0]?.label ?? null),
    ...facts,
    vector,
    thumbnail,
    provenance: parts.provenance,
    createdAt: deps.now(),
  };
  const mime = file.mime ?? MIME_TYPES[file.kind];
  const asset = { id: `${id}/${file.kind}`, trackId: id, kind: file.kind, mime, ...stored };
  try {
    if (sketch) await deps.files.write(sketchPath(stored.path), sketch);
    await deps.tracks.insert({
      track,
      assets: [asset],
      classifications: classifications.map((classification) => ({
        trackId: id,
        ...classification,
        current: true,
      })),
    });
  } catch (error) {
    await deps.files.remove([stored.path]);
    throw error;
  }
  return track;
}

export function assetPath(trackId: string, name: string): string {
  return `tracks/${trackId}/${name}`;
}

export const MIME_TYPES: Readonly<Record<AssetKind, string>> = {
  midi: 'audio/midi',
  musicxml: 'application/vnd.recordare.musicxml+xml',
  audio: 'application/octet-stream',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  soundfont: 'audio/x-soundfont',
};
