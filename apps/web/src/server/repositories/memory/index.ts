import type { RatingValue } from '../../../api/types.ts';
import { styleOfLabel } from '../../../lib/same-label.ts';
import { interrupted } from '../prisma/jobs.ts';
import { steeringKey } from '../prisma/listeners.ts';
import { factorReleasesOf } from './factor-releases.ts';
import { modelVersionsOf } from './model-versions.ts';
import type { Store } from './store.ts';
import { byText, key } from './store.ts';
import { trainingsOf } from './trainings.ts';
import { refusesListeners } from '../types.ts';
import type {
  AssetRecord,
  JobRecord,
  JobRepository,
  ListenerRepository,
  RatingRecord,
  RatingRepository,
  Repositories,
  SteeringRecord,
  TrackFilter,
  TrackRecord,
  TrackRepository,
} from '../types.ts';

export function createMemoryRepositories(): Repositories {
  const store: Store = {
    tracks: new Map(),
    assets: new Map(),
    classifications: new Map(),
    corrections: new Map(),
    ratings: new Map(),
    jobs: new Map(),
    plays: new Map(),
    steering: new Map(),
    tasteCorrections: new Map(),
    snapshots: new Map(),
    modelVersions: new Map(),
    trainings: new Map(),
    labels: new Map(),
    factorReleases: new Map(),
  };
  return {
    tracks: tracksOf(store),
    ratings: ratingsOf(store),
    jobs: jobsOf(store),
    listeners: listenersOf(store),
    modelVersions: modelVersionsOf(store),
    trainings: trainingsOf(store),
    factorReleases: factorReleasesOf(store),
  };
}

/* eslint-disable @typescript-eslint/require-await -- the interfaces are asynchronous for the database's sake */

function tracksOf(store: Store): TrackRepository {
  const all = (): TrackRecord[] => [...store.tracks.values()];
  const assets = (): AssetRecord[] => [...store.assets.values()];
  return {
    find: async (id) => store.tracks.get(id),
    findMany: async (ids) => ids.flatMap((id) => store.tracks.get(id) ?? []),
    insert: async ({ track, assets: files, classifications }) => {
      if (store.tracks.has(track.id)) throw new Error(`Track ${track.id} exists.`);
      store.tracks.set(track.id, track);
      for (const file of files) store.assets.set(key(file.trackId, file.kind), file);
      for (const label of classifications) store.classifications.set(key(label.trackId, label.model), label);
    },
    remove: async (id) => removeTrack(store, id),
    list: async (filter) =>
      all()
        .filter((track) => matches(track, filter))
        .sort((a, b) => compare(filter, a, b) || byText(a.id, b.id))
        .slice(filter.offset, filter.offset + filter.take),
    listForTaste: async (viewerId, scope = 'all') =>
      all()
        .filter(
          (track) =>
            track.vector &&
            ((scope !== 'own' && track.ownerId === null) ||
              (scope !== 'shared' && track.ownerId === viewerId)),
        )
        .sort((a, b) => byText(a.id, b.id)),
    catalogueKeys: async () => new Set(all().flatMap((track) => track.catalogueKey ?? [])),
    usageOf: async (ownerId) => {
      const uploads = all().filter((track) => track.ownerId === ownerId && track.source === 'upload');
      const ids = new Set(uploads.map((track) => track.id));
      const bytes = assets().reduce((sum, asset) => sum + (ids.has(asset.trackId) ? asset.bytes : 0), 0);
      return { uploads: uploads.length, bytes };
    },
    findAsset: async (trackId, kind) => store.assets.get(key(trackId, kind)),
    putAsset: async (asset) => {
      const before = store.assets.get(key(asset.trackId, asset.kind));
      store.assets.set(key(asset.trackId, asset.kind), { ...asset, id: before?.id ?? asset.id });
    },
    assetsOf: async (trackIds) =>
      assets()
        .filter((asset) => trackIds.includes(asset.trackId))
        .sort((a, b) => byText(a.path, b.path)),
    trackIdsOf: async (ownerId) =>
      all()
        .filter((track) => track.ownerId === ownerId)
        .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
        .map((track) => track.id),
    assetPaths: async () => new Set(assets().map((asset) => asset.path)),
    classificationsOf: async (trackIds) =>
      [...store.classifications.values()]
        .filter((label) => trackIds.includes(label.trackId))
        .sort((a, b) => byText(a.trackId, b.trackId) || byText(a.model, b.model)),
    correctionOf: async (trackId) => store.corrections.get(trackId),
    correct: async (trackId, label) => {
      const track = store.tracks.get(trackId);
      if (!track) throw new Error(`Track ${trackId} does not exist.`);
      if (label !== undefined) store.corrections.set(trackId, label);
      else store.corrections.delete(trackId);
      const best = [...store.classifications.values()]
        .filter((entry) => entry.trackId === trackId && entry.current)
        .sort((a, b) => b.confidence - a.confidence)[0];
      store.tracks.set(trackId, {
        ...track,
        style: label ?? track.provenance?.conditioning.style ?? styleOfLabel(best?.label ?? null),
      });
    },
  };
}

function matches(track: TrackRecord, { viewerId, query, style, source }: TrackFilter): boolean {
  const own = track.ownerId === viewerId;
  const inScope =
    source === undefined
      ? own || track.ownerId === null
      : source === 'catalogue'
        ? track.ownerId === null
        : own && (source === 'mine' || track.source === (source === 'uploads' ? 'upload' : 'generated'));
  return (
    inScope &&
    (!query || track.title.toLowerCase().includes(query.toLowerCase())) &&
    (!style || track.style === style)
  );
}

function compare({ sort }: TrackFilter, a: TrackRecord, b: TrackRecord): number {
  switch (sort) {
    case 'newest':
      return b.createdAt.getTime() - a.createdAt.getTime();
    case 'title':
      return byText(a.title, b.title);
    case 'seconds':
      return a.seconds - b.seconds;
    case 'tempo':
      return (a.tempo ?? 1000) - (b.tempo ?? 1000);
  }
}

function removeTrack(store: Store, id: string): void {
  store.tracks.delete(id);
  store.corrections.delete(id);
  for (const [k, asset] of store.assets) if (asset.trackId === id) store.assets.delete(k);
  for (const [k, label] of store.classifications) if (label.trackId === id) store.classifications.delete(k);
  for (const [k, rating] of store.ratings) if (rating.trackId === id) store.ratings.delete(k);
  for (const [k, job] of store.jobs) if (job.trackId === id) store.jobs.set(k, { ...job, trackId: null });
  const chip = steeringKey({ kind: 'track', name: id, direction: null });
  for (const own of store.steering.values()) own.delete(chip);
  for (const [user, plays] of store.plays) {
    store.plays.set(
      user,
      plays.filter((play) => play.trackId !== id),
    );
  }
}

function ratingsOf(store: Store): RatingRepository {
  const of = (userId: string): RatingRecord[] =>
    [...store.ratings.values()].filter((r) => r.userId === userId);
  return {
    find: async (userId, trackId) => store.ratings.get(key(userId, trackId)),
    listOf: async (userId) => of(userId).sort((a, b) => b.ratedAt.getTime() - a.ratedAt.getTime()),
    count: async (userId) => of(userId).length,
    set: async (userId, trackId, value, at) => {
      const before: RatingValue | null = store.ratings.get(key(userId, trackId))?.value ?? null;
      store.ratings.set(key(userId, trackId), { userId, trackId, value, previous: before, ratedAt: at });
      return before;
    },
    undo: async (userId, trackId, at) => {
      const row = store.ratings.get(key(userId, trackId));
      if (!row) return null;
      if (row.previous === null) store.ratings.delete(key(userId, trackId));
      else
        store.ratings.set(key(userId, trackId), { ...row, value: row.previous, previous: null, ratedAt: at });
      return row.value;
    },
    clear: async (userId) => {
      for (const [k, rating] of store.ratings) if (rating.userId === userId) store.ratings.delete(k);
    },
    listShared: async () => {
      const numbers = new Map<string, string>();
      const sharing = (userId: string): boolean =>
        ![...(store.steering.get(userId)?.values() ?? [])].some(refusesListeners);
      return [...store.ratings.values()]
        .filter(({ userId, trackId }) => store.tracks.get(trackId)?.ownerId === null && sharing(userId))
        .map(({ userId, trackId, value }) => {
          const listener = numbers.get(userId) ?? String(numbers.size);
          numbers.set(userId, listener);
          return { listener, trackId, value };
        });
    },
  };
}

function jobsOf(store: Store): JobRepository {
  const isOpen = (job: JobRecord): boolean => job.status === 'queued' || job.status === 'running';
  const oldestFirst = (a: JobRecord, b: JobRecord): number =>
    a.createdAt.getTime() - b.createdAt.getTime() || byText(a.id, b.id);
  const all = (): JobRecord[] => [...store.jobs.values()];
  return {
    insert: async (job) => {
      store.jobs.set(job.id, job);
    },
    find: async (id) => store.jobs.get(id),
    list: async (userId, take) =>
      all()
        .filter((job) => userId === undefined || job.userId === userId)
        .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || byText(a.id, b.id))
        .slice(0, take),
    countOpen: async (userId) => all().filter((job) => job.userId === userId && isOpen(job)).length,
    claim: async (at) => {
      const job = all()
        .filter((candidate) => candidate.status === 'queued')
        .sort(oldestFirst)[0];
      if (!job) return undefined;
      const claimed: JobRecord = {
        ...job,
        status: 'running',
        startedAt: at,
        attempts: job.attempts + 1,
        stage: 'starting',
      };
      store.jobs.set(job.id, claimed);
      return claimed;
    },
    report: async (id, stage, done, total) => {
      const job = store.jobs.get(id);
      if (job?.status === 'running') store.jobs.set(id, { ...job, stage, done, total });
    },
    finish: async (id, end, at) => {
      const job = store.jobs.get(id);
      if (!job || !isOpen(job)) return false;
      store.jobs.set(id, {
        ...job,
        status: end.status,
        finishedAt: at,
        trackId: end.status === 'done' ? end.trackId : job.trackId,
        error: end.status === 'failed' ? end.error : job.error,
      });
      return true;
    },
    recover: async (maxAttempts, at) => {
      const count = { requeued: 0, failed: 0 };
      for (const job of all().filter(({ status }) => status === 'running')) {
        if (job.attempts >= maxAttempts) {
          count.failed++;
          store.jobs.set(job.id, {
            ...job,
            status: 'failed',
            finishedAt: at,
            error: interrupted(maxAttempts),
          });
        } else {
          count.requeued++;
          store.jobs.set(job.id, { ...job, status: 'queued', startedAt: null, stage: 'waiting', done: 0 });
        }
      }
      return count;
    },
  };
}

function listenersOf(store: Store): ListenerRepository {
  const forget = (userId: string): void => {
    store.plays.delete(userId);
    store.steering.delete(userId);
    store.tasteCorrections.delete(userId);
    store.snapshots.delete(userId);
  };
  return {
    addPlay: async (userId, play) => {
      store.plays.set(userId, [...(store.plays.get(userId) ?? []), play]);
    },
    plays: async (userId) => store.plays.get(userId) ?? [],
    steering: async (userId) => [...(store.steering.get(userId)?.values() ?? [])],
    steer: async (userId, step) => {
      const own = store.steering.get(userId) ?? new Map<string, SteeringRecord>();
      const before = own.get(steeringKey(step));
      const presses = before?.action === step.action ? Math.min(3, before.presses + 1) : 1;
      own.delete(steeringKey(step));
      own.set(steeringKey(step), { ...step, presses });
      store.steering.set(userId, own);
    },
    undoSteering: async (userId, chip) => store.steering.get(userId)?.delete(steeringKey(chip)) ?? false,
    corrections: async (userId) =>
      [...(store.tasteCorrections.get(userId) ?? [])]
        .map(([dimension, value]) => ({ dimension, value }))
        .sort((a, b) => byText(a.dimension, b.dimension)),
    correct: async (userId, dimension, value) => {
      const own = store.tasteCorrections.get(userId) ?? new Map<string, number>();
      if (value === undefined) own.delete(dimension);
      else own.set(dimension, value);
      store.tasteCorrections.set(userId, own);
    },
    listening: async () => {
      const sums = new Map<string, { trackId: string; day: number; weight: number }>();
      const add = (trackId: string, at: Date, weight: (seconds: number) => number): void => {
        const track = store.tracks.get(trackId);
        if (track?.ownerId !== null || track.seconds <= 0) return;
        const day = Math.floor(at.getTime() / 86_400_000);
        const entry = sums.get(key(trackId, String(day))) ?? { trackId, day, weight: 0 };
        sums.set(key(trackId, String(day)), { ...entry, weight: entry.weight + weight(track.seconds) });
      };
      for (const play of [...store.plays.values()].flat()) {
        add(play.trackId, play.playedAt, (seconds) =>
          play.completed ? 1 : Math.min(1, play.seconds / seconds),
        );
      }
      for (const { trackId, value, ratedAt } of store.ratings.values()) {
        if (value === 'more-like-this' || (typeof value === 'number' && value >= 4))
          add(trackId, ratedAt, () => 1);
      }
      return [...sums.values()].sort((a, b) => a.day - b.day || byText(a.trackId, b.trackId));
    },
    saveTaste: async (userId, snapshot) => {
      store.snapshots.set(userId, snapshot);
    },
    clear: async (userId) => forget(userId),
    erase: async (userId) => {
      forget(userId);
      for (const [k, rating] of store.ratings) if (rating.userId === userId) store.ratings.delete(k);
      for (const [k, job] of store.jobs) if (job.userId === userId) store.jobs.delete(k);
      for (const track of [...store.tracks.values()])
        if (track.ownerId === userId) removeTrack(store, track.id);
    },
  };
}
