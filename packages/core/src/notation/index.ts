export { writeMusicXml } from './musicxml/write-musicxml.ts';
export type { WriteMusicXmlOptions } from './musicxml/write-musicxml.ts';
export { notateScore } from './musicxml/notated-score.ts';
export type { NotateOptions } from './musicxml/notated-score.ts';
export { findGrid } from './musicxml/find-grid.ts';
