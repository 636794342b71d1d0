/** A piece to look into: MIDI of kind 'midi', recorded sound of kind 'audio'. */
export interface Piece {
  readonly id: string;
  readonly kind: 'midi' | 'audio';
  /** Inside the file store, forward slashes. */
  readonly path: string;
}

/** Pieces as lines of text: a catalogue goes to a thread with every search, and text is copied a hundred times quicker than objects. */
export function writePieceList(pieces: readonly Piece[]): string {
  return pieces.map(({ id, kind, path }) => `${id}\t${kind}\t${path}`).join('\n');
}

export function readPieceList(text: string): Piece[] {
  if (text === '') return [];
  return text.split('\n').map((line) => {
    const [id = '', kind, path = ''] = line.split('\t');
    return { id, kind: kind === 'audio' ? 'audio' : 'midi', path };
  });
}
