import { readCheckpointFolder, selectNodeBackend } from '@attune/core/node';
import { createNoteStates, type NoteStates, type NoteStatesOptions } from '../note-states.ts';
import { shippedCheckpointFolder } from './shipped-generator.ts';

/** The hidden states of the shipped Transformer, or of that of a checkpoint folder. Throws as `readCheckpoint` does. */
export async function loadNoteStates(
  options: NoteStatesOptions & { readonly folder?: string; readonly log?: (line: string) => void } = {},
): Promise<NoteStates> {
  const backend = await selectNodeBackend(options.log ? { log: options.log } : {});
  const files = readCheckpointFolder(options.folder ?? shippedCheckpointFolder());
  return createNoteStates(backend, files, options);
}
