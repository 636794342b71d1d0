import { natsPerNote, type NoteModel } from '@attune/generate';
import { loadTransformerNoteModel } from '@attune/generate/node';
import { upToNotes, type HeldOutPieces } from './held-out.ts';
import type { NatsResult } from './results.ts';

/** Nats a note of the model told nothing, the style, and all, by style. */
export async function measureNats(
  heldOut: HeldOutPieces,
  folder: string | undefined,
  mostNotes: number,
  onStyle: (style: string) => void,
): Promise<NatsResult[]> {
  const load = (told: 'nothing' | 'style' | 'all'): Promise<NoteModel> =>
    loadTransformerNoteModel({ told, ...(folder !== undefined && { folder }) });
  const [nothing, style, all] = [await load('nothing'), await load('style'), await load('all')];
  const rows: NatsResult[] = [];
  for (const [name, pieces] of heldOut.byStyle) {
    onStyle(name);
    const own = upToNotes(pieces, mostNotes);
    const told = await natsPerNote(style, own);
    rows.push({
      style: name,
      pieces: own.length,
      notes: told.notes,
      toldNothing: (await natsPerNote(nothing, own)).natsPerNote,
      toldStyle: told.natsPerNote,
      toldAll: (await natsPerNote(all, own)).natsPerNote,
    });
  }
  return rows;
}
