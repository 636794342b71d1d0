import { readCheckpointFolder, selectNodeBackend } from '@attune/core/node';
import type { NoteModel } from '../../evaluate/note-model.ts';
import { createTransformerNoteModel, type Told } from '../note-model.ts';
import { shippedCheckpointFolder } from './shipped-generator.ts';

/** The shipped Transformer, or that of a checkpoint folder, as a note model to evaluate. */
export async function loadTransformerNoteModel(
  options: { readonly folder?: string; readonly told?: Told; readonly log?: (line: string) => void } = {},
): Promise<NoteModel> {
  const backend = await selectNodeBackend(options.log ? { log: options.log } : {});
  const files = readCheckpointFolder(options.folder ?? shippedCheckpointFolder());
  return createTransformerNoteModel(backend, files, options.told ? { told: options.told } : {});
}
