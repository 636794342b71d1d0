import { DomainError } from '../errors.ts';
import type { AssetKind, AssetRecord, TrackRecord, TrackRepository } from '../repositories/types.ts';
import { assetPath, MIME_TYPES } from '../services/new-track.ts';
import type { FileStore } from '../storage/file-store.ts';
import type { WorkerClient } from '../workers/worker-client.ts';

export type RenderedKind = Extract<AssetKind, 'musicxml' | 'wav' | 'mp3' | 'soundfont'>;

/** Makes what can be made of a track's notes once, and keeps it. */
export interface Renderer {
  asset(track: TrackRecord, kind: RenderedKind): Promise<AssetRecord>;
}

const TASKS = { musicxml: 'notate', wav: 'renderWav', mp3: 'renderMp3', soundfont: 'trimBank' } as const;
const NAMES = {
  musicxml: 'track.musicxml',
  wav: 'track.wav',
  mp3: 'track.mp3',
  soundfont: 'bank.sf2',
} as const;

interface Parts {
  readonly tracks: TrackRepository;
  readonly files: FileStore;
  readonly studio: WorkerClient;
}

export function createRenderer({ tracks, files, studio }: Parts): Renderer {
  /** Two who ask at once wait for the same rendering. */
  const underWay = new Map<string, Promise<AssetRecord>>();

  const make = async (track: TrackRecord, kind: RenderedKind): Promise<AssetRecord> => {
    const source = await tracks.findAsset(track.id, 'midi');
    if (!source)
      throw new DomainError('asset/not-found', 'This track is recorded sound: it has no notes to play.');
    const { bytes } = await studio.run(TASKS[kind], { midi: await files.read(source.path) });
    const stored = await files.write(assetPath(track.id, NAMES[kind]), bytes);
    const asset: AssetRecord = {
      id: `${track.id}/${kind}`,
      trackId: track.id,
      kind,
      mime: MIME_TYPES[kind],
      ...stored,
    };
    try {
      await tracks.putAsset(asset);
    } catch (error) {
      await files.remove([stored.path]); // the track was removed meanwhile
      throw error;
    }
    return asset;
  };

  return {
    asset: async (track, kind) => {
      const known = await tracks.findAsset(track.id, kind);
      if (known) return known;
      const key = `${track.id}/${kind}`;
      const started = underWay.get(key) ?? make(track, kind).finally(() => underWay.delete(key));
      underWay.set(key, started);
      return started;
    },
  };
}
