import { isAttuneError, type Score } from '@attune/core';
import { readMidi } from '@attune/core/midi';
import { openDataSet, splitOf, type Split } from '@attune/core/node';
import path from 'node:path';
import { arrangeLeadSheet } from '../arrange.ts';
import { createPatternDrummer, createTakeDrummer, type Drummer, type DrumTake } from '../drummer.ts';
import { leadSheetOf, type LeadSheet } from '../lead-sheet.ts';
import { ARRANGED_STYLES, type ArrangedStyle } from '../style-rules.ts';
import { STYLE_RULES } from '../styles.ts';

/** One arrangement and what it was made from; pieces of one group come from the same tune. */
export interface ArrangedPiece {
  readonly id: string;
  readonly group: string;
  readonly style: ArrangedStyle;
  readonly score: Score;
}

/**
 * Arrangements of OpenEWLD's lead sheets, each in each style that plays its meter, with drummers of the Groove set
 * where they recorded the style. Tunes and drummers are of the split alone, so nothing of a test part is heard in
 * training. Lead sheets without known chords or with several meters are left out. Of all arrangements each `every`th is made.
 */
export function* arrangedPieces(dataDir: string, split: Split, every = 1): Generator<ArrangedPiece> {
  const drummers = new Map(ARRANGED_STYLES.map((style) => [style, drummerOf(dataDir, style, split)]));
  let seed = 0;
  for (const item of openDataSet(path.join(dataDir, 'openewld')).items) {
    if (splitOf(item.group) !== split) continue;
    const sheet = readLeadSheet(item.bytes());
    if (!sheet) continue;
    for (const style of ARRANGED_STYLES) {
      seed++;
      if (seed % every !== 0) continue;
      try {
        const score = arrangeLeadSheet(sheet, { style, seed, drummer: drummers.get(style)! });
        yield { id: `${item.id}-${style}`, group: item.group, style, score };
      } catch (error) {
        if (!isAttuneError(error)) throw error; // a meter that the style does not play
      }
    }
  }
}

function readLeadSheet(bytes: Uint8Array): LeadSheet | undefined {
  try {
    return leadSheetOf(readMidi(bytes));
  } catch (error) {
    if (isAttuneError(error)) return undefined;
    throw error;
  }
}

/** Recordings of the style's drummers in the split; textbook beats where there are none. */
export function drummerOf(dataDir: string, style: ArrangedStyle, split: Split): Drummer {
  const rules = STYLE_RULES[style];
  const takes = openDataSet(path.join(dataDir, 'groove'))
    .items.filter(({ row, group }) => splitOf(group) === split && rules.drummers.includes(row['style'] ?? ''))
    .map((item): DrumTake => ({ score: readMidi(item.bytes()), isFill: item.row['beat_type'] === 'fill' }));
  return createTakeDrummer(takes, createPatternDrummer(rules.beats));
}
