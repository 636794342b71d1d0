export { arrangeLeadSheet } from './arrange.ts';
export type { ArrangeOptions } from './arrange.ts';
export { createPatternDrummer, createTakeDrummer } from './drummer.ts';
export type { Drummer, DrumTake } from './drummer.ts';
export { leadSheetOf, simplifyChord } from './lead-sheet.ts';
export type { LeadSheet } from './lead-sheet.ts';
export { leadSheetOfMusic } from './lead-sheet-of-music.ts';
export { ARRANGED_STYLES } from './style-rules.ts';
export type { ArrangedStyle } from './style-rules.ts';
