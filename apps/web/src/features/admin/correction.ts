import type { CatalogueMap } from '@/api/labelling.ts';
import type { AdminClassification } from '@/api/types.ts';

/** What correcting a label touches. */
export interface CorrectionParts {
  /** Shows a person's label, or none, everywhere on the page. */
  readonly show: (trackId: string, label: string | null) => void;
  readonly send: (trackId: string, label: string | null) => Promise<unknown>;
  /** Says what was set, with a way back. */
  readonly say: (row: AdminClassification, label: string | null, undo: () => void) => void;
  readonly fail: (error: unknown) => void;
}

/** Sets a person's label at once, with a way back; null takes it away. */
export type Correct = (row: AdminClassification, label: string | null) => void;

/**
 * A label is on show before the server has it, and off again if the server refuses it, unless another one was set
 * meanwhile. Taking it back is a correction like any other.
 */
export function createCorrect({ show, send, say, fail }: CorrectionParts): Correct {
  const latest = new Map<string, number>();
  let count = 0;
  const correct: Correct = (row, label) => {
    const { id } = row.track;
    const before = row.correctedLabel;
    const own = ++count;
    latest.set(id, own);
    show(id, label);
    say(row, label, () => correct({ ...row, correctedLabel: label }, before));
    send(id, label).catch((error: unknown) => {
      if (latest.get(id) === own) show(id, before);
      fail(error);
    });
  };
  return correct;
}

/** The map with a person's label, or none, on one track. */
export function withCorrection(map: CatalogueMap, trackId: string, label: string | null): CatalogueMap {
  const points = map.points.map((point) =>
    point.trackId === trackId ? { ...point, correctedLabel: label } : point,
  );
  return { ...map, points };
}
