import { AttuneError } from '../../foundation/errors.ts';
import type { Score } from '../../score/score.ts';
import { barsOf } from './bars.ts';
import { scoreDirections } from './directions.ts';
import { lyricsOf } from './lyrics.ts';
import { notateScore } from './notated-score.ts';
import type { NotateOptions } from './notated-score.ts';
import { drumInstrumentName, partsOf } from './parts.ts';
import type { Part } from './parts.ts';
import { spellNotes } from './spelling.ts';
import { drumId } from './write-note.ts';
import { VOICES_PER_STAFF, writePart } from './write-part.ts';
import { element, toXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** Names, voices and the grid of the written music. */
export interface WriteMusicXmlOptions extends NotateOptions {
  /** Who wrote the music. */
  readonly composer?: string;
  /**
   * Voices a staff, 1–4 (default 2). Where more notes than that overlap, they are written in one voice with ties.
   */
  readonly maxVoices?: number;
}

const PROLOGUE =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">\n';

/**
 * The score as MusicXML 4.0 (partwise, at concert pitch): notes as `notateScore` places them, in voices with
 * complete rests, ties, dots, tuplets, beams, clefs, spelt pitches, keys, meters, tempos, dynamics, lyrics and
 * markers. Controllers, bends and tracks without notes are left out. The same score gives the same text.
 *
 * @throws AttuneError `argument/invalid` for an option outside its range, `notation/limit` above 20,000 bars.
 */
export function writeMusicXml(score: Score, options: WriteMusicXmlOptions = {}): string {
  const maxVoices = options.maxVoices ?? 2;
  if (!Number.isInteger(maxVoices) || maxVoices < 1 || maxVoices > VOICES_PER_STAFF) {
    const message = `A staff has 1 to ${VOICES_PER_STAFF} voices, not ${maxVoices}.`;
    throw new AttuneError('argument/invalid', message, { maxVoices });
  }
  const notated = notateScore(score, options);
  const bars = barsOf(notated);
  const parts = partsOf(notated);
  const lyrics = lyricsOf(notated, parts);
  const document = { score: notated, bars, spellings: spellNotes(notated), maxVoices };
  const directions = scoreDirections(notated, bars, lyrics.loose);
  const root = element(
    'score-partwise',
    { version: '4.0' },
    score.title === '' ? undefined : element('work', {}, element('work-title', {}, score.title)),
    identification(score, options.composer),
    element('part-list', {}, parts.map(scorePart)),
    parts.map((part, i) =>
      writePart(
        part,
        document,
        i === 0 ? directions : new Map(),
        i === lyrics.part ? lyrics.syllables : new Map(),
      ),
    ),
  );
  return PROLOGUE + toXml(root);
}

function identification(score: Score, composer: string | undefined): XmlElement {
  const rights = score.texts.filter(({ kind }) => kind === 'copyright');
  return element(
    'identification',
    {},
    composer === undefined ? undefined : element('creator', { type: 'composer' }, composer),
    rights.map(({ text }) => element('rights', {}, text)),
    element('encoding', {}, element('software', {}, 'Attune')),
  );
}

function scorePart(part: Part): XmlElement {
  const keys = part.isDrum && part.drumKeys.length > 0 ? part.drumKeys : [undefined];
  const idOf = (key: number | undefined): string => (key === undefined ? `${part.id}-I1` : drumId(part, key));
  return element(
    'score-part',
    { id: part.id },
    element('part-name', {}, part.name),
    keys.map((key) =>
      element(
        'score-instrument',
        { id: idOf(key) },
        element('instrument-name', {}, key === undefined ? part.name : drumInstrumentName(key)),
      ),
    ),
    keys.map((key) =>
      element(
        'midi-instrument',
        { id: idOf(key) },
        element('midi-channel', {}, part.channel),
        element('midi-program', {}, part.program + 1),
        key === undefined ? undefined : element('midi-unpitched', {}, key + 1),
      ),
    ),
  );
}
