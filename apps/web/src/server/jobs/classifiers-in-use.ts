import type { ModelVersionRepository } from '../repositories/model-versions.ts';
import type { FileStore } from '../storage/file-store.ts';
import type { ClassifierFolders } from '../worker/labelling/protocol.ts';
import type { WorkerClient } from '../workers/worker-client.ts';

/** Tells every worker which classifiers an administrator put in use, when they start and when that changes. */
export interface ClassifiersInUse {
  /** What a starting thread is told. */
  readonly folders: ClassifierFolders;
  /** Looks at the database again and tells the threads that run. */
  refresh(): Promise<void>;
}

export function createClassifiersInUse(
  {
    modelVersions,
    modelFiles,
  }: { readonly modelVersions: ModelVersionRepository; readonly modelFiles: FileStore },
  workers: () => readonly WorkerClient[],
): ClassifiersInUse {
  let folders: ClassifierFolders = { score: null, audio: null };
  const folderOf = async (kind: string): Promise<string | null> => {
    const row = await modelVersions.active(kind);
    return row?.available && row.folder !== null ? modelFiles.resolve(row.folder) : null;
  };
  return {
    get folders() {
      return folders;
    },
    refresh: async () => {
      const next = { score: await folderOf('style-symbolic'), audio: await folderOf('style-audio') };
      if (next.score === folders.score && next.audio === folders.audio) return;
      folders = next;
      await Promise.all(workers().map((worker) => worker.run('setClassifiers', next)));
    },
  };
}
