/* eslint-disable @typescript-eslint/require-await -- the interfaces are asynchronous for the database's sake */
import { styleOfLabel } from '../../../lib/same-label.ts';
import type { ModelRow, ModelVersionRepository } from '../model-versions.ts';
import { MODALITY_OF } from '../model-versions.ts';
import type { Store } from './store.ts';
import { byText, key } from './store.ts';

export function modelVersionsOf(store: Store): ModelVersionRepository {
  const all = (): ModelRow[] => [...store.modelVersions.values()];
  const set = (row: ModelRow, to: Partial<ModelRow>): void =>
    void store.modelVersions.set(row.id, { ...row, ...to });
  return {
    list: async () =>
      all().sort(
        (a, b) =>
          byText(a.kind, b.kind) || a.since.getTime() - b.since.getTime() || byText(a.version, b.version),
      ),
    find: async (id) => store.modelVersions.get(id),
    active: async (kind) => all().find((row) => row.kind === kind && row.active),
    put: async ({ id, kind, version, ...to }, at) => {
      const known = all().find((row) => row.kind === kind && row.version === version);
      const fresh: ModelRow = {
        id,
        kind,
        version,
        since: at,
        active: false,
        folder: null,
        replacedId: null,
        report: null,
        ...to,
      };
      if (known) set(known, to);
      else store.modelVersions.set(id, fresh);
    },
    ensureActive: async (id) => {
      const row = store.modelVersions.get(id);
      if (row && !all().some((other) => other.kind === row.kind && other.active)) set(row, { active: true });
    },
    adopt: async (id, kind, { back = false } = {}) => {
      const row = store.modelVersions.get(id);
      if (row?.kind !== kind) return false;
      const before = all().find((other) => other.kind === kind && other.active);
      for (const other of all()) if (other.kind === kind) set(other, { active: false });
      set(row, {
        active: true,
        replacedId: back || before?.id === id ? row.replacedId : (before?.id ?? null),
      });
      showClassificationsOf(store, row.version, MODALITY_OF[kind]);
      return true;
    },
    remove: async (id) => void store.modelVersions.delete(id),
    putClassifications: async (records) => {
      for (const record of records) store.classifications.set(key(record.trackId, record.model), record);
    },
    removeClassifications: async (model) => {
      for (const [k, label] of store.classifications)
        if (label.model === model && !label.current) store.classifications.delete(k);
    },
  };
}

function showClassificationsOf(store: Store, version: string, modality: 'score' | 'audio'): void {
  for (const track of store.tracks.values()) {
    const heard = store.classifications.get(key(track.id, version));
    if (!heard || track.kind !== modality) continue;
    for (const [k, label] of store.classifications) {
      if (label.trackId === track.id)
        store.classifications.set(k, { ...label, current: label.model === version });
    }
    if (store.corrections.has(track.id) || track.provenance?.conditioning.style !== undefined) continue;
    store.tracks.set(track.id, {
      ...track,
      style: styleOfLabel(heard.label),
    });
  }
}
