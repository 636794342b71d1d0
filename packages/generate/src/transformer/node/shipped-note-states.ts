import { readCheckpointFolder, selectNodeBackend } from '@attune/core/node';
import { createNoteStates, type NoteStates, type NoteStatesOptions } from '../note-states.ts';
import { shippedCheckpointFolder } from './shipped-generator.ts';

/** The hidden states of the shipped Transformer. */
export async function loadNoteStates(
  options: NoteStatesOptions & { readonly log?: (line: string) => void } = {},
): Promise<NoteStates> {
  const backend = await selectNodeBackend(options.log ? { log: options.log } : {});
  return createNoteStates(backend, readCheckpointFolder(shippedCheckpointFolder()), options);
}
