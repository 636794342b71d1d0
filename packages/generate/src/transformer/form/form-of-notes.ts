import { DRUM_INSTRUMENT, type GridNote } from '@attune/core/tokens';
import type { BarForm } from './bar-form.ts';

/** Sections are taken to be this long: eight bars where eights return about as well as fours do. */
const SECTION_BARS = [4, 8] as const;
/** A block returns when this share of its notes does, up to transposition. */
const RETURNS = 0.6;
/** Share of what returns in four-bar blocks that eight-bar blocks must keep to be preferred. */
const KEEPS = 0.8;
/** Blocks further back than this are not compared. */
const MOST_BACK = 32;

/**
 * Sections by self-similarity: blocks of 4 or 8 bars, of which one that repeats an earlier one, transposed or not,
 * takes its letter. A pickup bar belongs to the first section: of two places of the block lines the one with more
 * returns is taken.
 */
export function formOfNotes(notes: readonly GridNote[], bars: number): BarForm {
  const byBar = Array.from({ length: bars }, (): GridNote[] => []);
  for (const note of notes) byBar[note.bar]!.push(note);
  const [fours, eights] = SECTION_BARS.map((size) => {
    const [plain, pickup] = [0, 1].map((offset) => labelBlocks(byBar, size, offset));
    return pickup!.returning > plain!.returning ? pickup! : plain!;
  });
  const isLong = bars >= 3 * SECTION_BARS[1] && eights!.returning >= KEEPS * fours!.returning;
  return isLong ? eights!.form : fours!.form;
}

/**
 * Share of notes that two stretches of music have in common under the best transposition of one of them, drums
 * untransposed: 2·|A ∩ B| / (|A| + |B|) over (bar, position, instrument, pitch). NaN where both are empty.
 */
export function noteOverlap(
  a: readonly (readonly GridNote[])[],
  b: readonly (readonly GridNote[])[],
): number {
  const pitchesAt = new Map<number, number[]>();
  let total = 0;
  a.forEach((bar, i) => {
    for (const note of bar) {
      total++;
      const place = placeOf(note, i);
      const pitches = pitchesAt.get(place);
      if (pitches) pitches.push(note.pitch);
      else pitchesAt.set(place, [note.pitch]);
    }
  });
  const byShift = new Int32Array(2 * 128);
  let drums = 0;
  b.forEach((bar, i) => {
    for (const note of bar) {
      total++;
      for (const pitch of pitchesAt.get(placeOf(note, i)) ?? []) {
        if (note.instrument !== DRUM_INSTRUMENT) byShift[note.pitch - pitch + 128]!++;
        else if (note.pitch === pitch) drums++;
      }
    }
  });
  return (2 * (Math.max(...byShift) + drums)) / total;
}

function placeOf({ position, instrument }: GridNote, bar: number): number {
  return (bar * 256 + position) * 256 + instrument;
}

function labelBlocks(
  byBar: readonly (readonly GridNote[])[],
  size: number,
  offset: number,
): { form: BarForm; returning: number } {
  // `returning`: bars that return, each by its block's overlap; a last block cut short by the end does not count.
  const bars = byBar.length;
  const blocks: { readonly first: number; readonly music: readonly (readonly GridNote[])[] }[] = [];
  for (let first = Math.min(offset, Math.max(0, bars - 1)); first < bars; first += size)
    blocks.push({ first, music: byBar.slice(first, first + size) });
  const letters: number[] = [];
  const form: Record<keyof BarForm, number[]> = { section: [], inSection: [], leftInSection: [], back: [] };
  let returning = 0;
  let next = 0;
  blocks.forEach(({ first, music }, index) => {
    let best = { overlap: RETURNS, index: -1 };
    for (let earlier = Math.max(0, index - MOST_BACK); earlier < index; earlier++) {
      const overlap = noteOverlap(blocks[earlier]!.music.slice(0, music.length), music);
      if (overlap >= best.overlap) best = { overlap, index: earlier };
    }
    letters.push(best.index < 0 ? next++ : letters[best.index]!);
    const back = best.index < 0 ? 0 : first - blocks[best.index]!.first;
    if (back > 0 && music.length === size) returning += size * best.overlap;
    const begin = index === 0 ? 0 : first; // the pickup is the first section's
    const end = first + music.length;
    for (let bar = begin; bar < end; bar++) {
      form.section.push(letters[index]!);
      form.inSection.push(bar - begin);
      form.leftInSection.push(end - 1 - bar);
      form.back.push(back);
    }
  });
  return { form, returning };
}
