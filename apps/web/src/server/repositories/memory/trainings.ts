/* eslint-disable @typescript-eslint/require-await -- the interfaces are asynchronous for the database's sake */
import { INTERRUPTED } from '../prisma/trainings.ts';
import type { TrainingRecord, TrainingRepository } from '../trainings.ts';
import type { Store } from './store.ts';
import { byText, key } from './store.ts';

/** Here nobody is an administrator: only what belongs to nobody is learned from. */
export function trainingsOf(store: Store): TrainingRepository {
  const all = (): TrainingRecord[] => [...store.trainings.values()];
  const isOpen = ({ status }: TrainingRecord): boolean => status === 'queued' || status === 'running';
  const isLearned = (trackId: string): boolean => store.tracks.get(trackId)?.ownerId === null;
  return {
    insert: async (job) => void store.trainings.set(job.id, job),
    find: async (id) => store.trainings.get(id),
    list: async (take) =>
      all()
        .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || byText(a.id, b.id))
        .slice(0, take),
    countOpen: async (kind) => all().filter((job) => job.kind === kind && isOpen(job)).length,
    claim: async (at) => {
      const queued = all().filter(({ status }) => status === 'queued');
      const job = queued.sort(
        (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || byText(a.id, b.id),
      )[0];
      if (!job) return undefined;
      const claimed: TrainingRecord = { ...job, status: 'running', startedAt: at, stage: 'starting' };
      store.trainings.set(job.id, claimed);
      return claimed;
    },
    report: async (id, stage, done, total) => {
      const job = store.trainings.get(id);
      if (job?.status === 'running') store.trainings.set(id, { ...job, stage, done, total });
    },
    finish: async (id, end, at) => {
      const job = store.trainings.get(id);
      if (!job || !isOpen(job)) return false;
      store.trainings.set(id, { ...job, ...end, finishedAt: at });
      return true;
    },
    failInterrupted: async (at) => {
      const torn = all().filter(({ status }) => status === 'running');
      for (const job of torn)
        store.trainings.set(job.id, { ...job, status: 'failed', error: INTERRUPTED, finishedAt: at });
      return torn.length;
    },
    corrected: async (kind) =>
      [...store.corrections]
        .filter(([trackId]) => isLearned(trackId) && store.tracks.get(trackId)?.kind === kind)
        .map(([trackId, label]) => ({ trackId, label }))
        .sort((a, b) => byText(a.trackId, b.trackId)),
    countLeft: async () => [...store.corrections.keys()].filter((trackId) => !isLearned(trackId)).length,
    trackIds: async (kind, { shared = false } = {}) =>
      [...store.tracks.values()]
        .filter((track) => track.kind === kind && (!shared || track.ownerId === null))
        .map(({ id }) => id)
        .sort(byText),
    unheard: async (model) =>
      [...store.tracks.values()]
        .filter(
          ({ id, kind, ownerId }) =>
            kind === 'score' && ownerId === null && !store.classifications.has(key(id, model)),
        )
        .map(({ id }) => id)
        .sort(byText),
    wasDone: async (task) => all().some((job) => job.task === task && job.status === 'done'),
    labels: async () =>
      [...store.labels.values()].sort(
        (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || byText(a.name, b.name),
      ),
    addLabel: async (label) => {
      if (store.labels.has(label.name)) return false;
      store.labels.set(label.name, label);
      return true;
    },
    placeLabel: async (name, parent) => {
      const label = store.labels.get(name);
      if (label) store.labels.set(name, { ...label, parent });
    },
    removeLabel: async (name) => void store.labels.delete(name),
    labelledAs: async (label) =>
      [...store.corrections].flatMap(([trackId, given]) => (given === label ? trackId : [])).sort(byText),
  };
}
