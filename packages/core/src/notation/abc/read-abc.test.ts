import { describe, expect, it } from 'vitest';
import { createRng } from '../../foundation/rng.ts';
import { isAttuneError } from '../../foundation/errors.ts';
import type { Score } from '../../score/score.ts';
import { validateScore } from '../../score/validate-score.ts';
import { readAbc, readAbcLenient } from './read-abc.ts';
import type { ReadAbcOptions } from './read-abc.ts';

/** Notes of the first tune with a plain header (4/4, quarters) as `pitch@start+length` in quarters. */
function notes(music: string, options: ReadAbcOptions = {}, header = 'M:4/4\nL:1/4\nK:C'): string[] {
  return notesOf(readAbc(`X:1\nT:t\n${header}\n${music}\n`, options)[0]!);
}

function notesOf({ tracks, ticksPerQuarter }: Score): string[] {
  const place = (tick: number): number => Math.round((tick / ticksPerQuarter) * 1000) / 1000;
  return tracks.flatMap((track) =>
    track.notes.map(({ pitch, start, duration }) => `${pitch}@${place(start)}+${place(duration)}`),
  );
}

function pitches(music: string, header?: string): number[] {
  return notes(music, {}, header).map((note) => parseInt(note));
}

describe('readAbc', () => {
  it('reads octaves and lengths', () => {
    expect(notes("C, C c c' | C2 C/ C// C3/2 C/4 |")).toEqual([
      ...['48@0+1', '60@1+1', '72@2+1', '84@3+1'],
      ...['60@4+2', '60@6+0.5', '60@6.5+0.25', '60@6.75+1.5', '60@8.25+0.25'],
    ]);
  });

  it('takes the unit length from the meter where none is stated', () => {
    expect(notes('C', {}, 'M:6/8\nK:C')).toEqual(['60@0+0.5']);
    expect(notes('C', {}, 'M:2/4\nK:C')).toEqual(['60@0+0.25']);
  });

  it('reads keys: modes, pipes and explicit accidentals', () => {
    const scale = 'C D E F G A B';
    expect(pitches(scale, 'K:D')).toEqual([61, 62, 64, 66, 67, 69, 71]);
    expect(pitches(scale, 'K:Em')).toEqual([60, 62, 64, 66, 67, 69, 71]);
    expect(pitches(scale, 'K:D dorian')).toEqual([60, 62, 64, 65, 67, 69, 71]);
    expect(pitches(scale, 'K:AMix')).toEqual([61, 62, 64, 66, 67, 69, 71]);
    expect(pitches(scale, 'K:F#phr')).toEqual([61, 62, 64, 66, 67, 69, 71]);
    expect(pitches(scale, 'K:HP')).toEqual([61, 62, 64, 66, 67, 69, 71]);
    expect(pitches(scale, 'K:D Phr ^f')).toEqual([60, 62, 63, 66, 67, 69, 70]);
    expect(pitches(scale, 'K:D exp _b _e ^f')).toEqual([60, 62, 63, 66, 67, 69, 70]);
    expect(readAbc('X:1\nK:Bbmin\nC')[0]!.keys).toEqual([{ tick: 0, fifths: -5, mode: 'minor' }]);
  });

  it('holds accidentals to the bar line, in all octaves unless told otherwise, and over it on ties', () => {
    expect(pitches('^F f F | F')).toEqual([66, 78, 66, 65]);
    expect(pitches('^F f =F F', '%%propagate-accidentals octave\nK:C')).toEqual([66, 77, 65, 65]);
    expect(pitches('^F F', '%%propagate-accidentals not\nK:C')).toEqual([66, 65]);
    expect(notes('^F4- | F F2')).toEqual(['66@0+5', '65@5+2']);
  });

  it('reads broken rhythm and tuplets', () => {
    expect(notes('C>D E<F G>>A')).toEqual([
      ...['60@0+1.5', '62@1.5+0.5', '64@2+0.5', '65@2.5+1.5', '67@4+1.75', '69@5.75+0.25'],
    ]);
    expect(notes('(3CDE (3:2:2G2A (5:4CDEFG')).toEqual([
      ...['60@0+0.667', '62@0.667+0.667', '64@1.333+0.667', '67@2+1.333', '69@3.333+0.667'],
      ...['60@4+0.8', '62@4.8+0.8', '64@5.6+0.8', '65@6.4+0.8', '67@7.2+0.8'],
    ]);
    expect(notes('(2CD', {}, 'M:6/8\nL:1/8\nK:C')).toEqual(['60@0+0.75', '62@0.75+0.75']);
  });

  it('reads chords, ties inside them, rests and overlays', () => {
    expect(notes('[CE2G]2 z [C-E] | C Z E')).toEqual([
      ...['60@0+2', '64@0+4', '67@0+2', '60@3+2', '64@3+1', '64@9+1'],
    ]);
    expect(notes('C2 D2 & E4 | F4')).toEqual(['60@0+2', '64@0+4', '62@2+2', '65@4+4']);
  });

  it('plays repeats, endings and parts', () => {
    expect(pitches('C :| D | E :|')).toEqual([60, 60, 62, 64, 62, 64]);
    expect(pitches('C |: D |1 E :|2 F || G :|')).toEqual([60, 62, 64, 62, 65, 67, 67]);
    expect(pitches('|: C [1,3 D :|[2 E :|[4 F |] G')).toEqual([60, 62, 60, 64, 60, 62, 60, 65, 67]);
    expect(pitches('|:: C ::| D')).toEqual([60, 60, 60, 62]);
    expect(pitches('C :: D :|')).toEqual([60, 60, 62, 62]);
    expect(pitches('P:A\nC\nP:B\nD :|', 'P:A2(BA)2\nK:C')).toEqual([60, 60, 62, 62, 60, 62, 62, 60]);
  });

  it('gives grace notes a part of their note, or drops them', () => {
    expect(notes('{de}C2')).toEqual(['74@0+0.5', '76@0.5+0.5', '60@1+1']);
    expect(notes('{de}C2', { graceNotes: 'drop' })).toEqual(['60@0+2']);
  });

  it('reads voices with their programs, transposition, drums and names', () => {
    const [score] = readAbc(
      'X:1\nM:4/4\nL:1/4\nV:1 name="Flute"\nV:2 clef=bass octave=-1\nV:3 clef=perc\nK:C\n' +
        'V:1\n%%MIDI program 73\nCDEF|\n[V:2] %comment\n%%MIDI transpose 2\nC4|\nV:3\n%%MIDI drummap D 38\nDDDD|\n',
    );
    expect(score!.tracks.map(({ name, program, isDrum }) => [name, program, isDrum])).toEqual([
      ['Flute', 73, false],
      ['', 0, false],
      ['', 0, true],
    ]);
    expect(score!.tracks.map(({ notes: all }) => all[0]!.pitch)).toEqual([60, 50, 38]);
  });

  it('reads tempos, meters, inline fields, lyrics, chord symbols and dynamics', () => {
    const score = readAbc(
      'X:1\nT:Song\nC:Someone\nM:C|\nL:1/8\nQ:"Lively" 1/2=60\nK:G\n"Am"C2 !p!D2 [Q:3/8=40] [M:3/4][K:F]"^top"F6|\nw:a-ve * no~w\n',
    )[0]!;
    expect(score.title).toBe('Song');
    expect(score.tempos).toEqual([
      { tick: 0, bpm: 120 },
      { tick: 960, bpm: 60 },
    ]);
    expect(score.meters).toEqual([
      { tick: 0, numerator: 2, denominator: 2 },
      { tick: 960, numerator: 3, denominator: 4 },
    ]);
    expect(score.keys.map(({ fifths }) => fifths)).toEqual([1, -1]);
    expect(score.tracks[0]!.notes.map((note) => note.velocity)).toEqual([80, 49, 49]);
    expect(score.texts.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      ...['text Composer: Someone', 'text Lively', 'text Am', 'lyric a-', 'lyric ve', 'text top'],
    ]);
    const withChords = readAbc('X:1\nL:1/4\nK:C\n"Am"C2 "G7"D2 |', { chordSymbols: 'track' })[0]!;
    expect(withChords.tracks[1]!.notes.map(({ start, duration, pitch }) => [start, duration, pitch])).toEqual(
      [
        ...[45, 57, 60, 64].map((pitch) => [0, 960, pitch]),
        ...[43, 55, 59, 62, 65].map((pitch) => [960, 960, pitch]),
      ],
    );
  });

  it('puts bar lines where the tune has them: a pickup, and bars that a repeat sign parts', () => {
    const [score] = readAbc('X:1\nM:3/4\nL:1/4\nK:C\nG | c2 c | d2 :| G | e3 |]');
    expect(score!.meters.map(({ tick }) => tick)).toEqual([0, 480]);
  });

  it('reads books: a file header, free text between tunes, tunes in order', () => {
    const book = 'L:1/4\n%%MIDI program 40\n\nX:1\nT:One\nK:C\nC\n\nfree text here\n\nX:2\nT:Two\nK:D\nF\n';
    const scores = readAbc(book);
    expect(scores.map(({ title }) => title)).toEqual(['One', 'Two']);
    expect(scores.map((score) => notesOf(score))).toEqual([['60@0+1'], ['66@0+1']]);
    expect(scores[0]!.tracks[0]!.program).toBe(40);
  });

  it('names line and column of a fault; lenient reading goes on and lists it', () => {
    const text = 'X:1\nK:C\nC # D\nK:Q\nE\n';
    expect(() => readAbc(text)).toThrowError(
      expect.objectContaining({ code: 'notation/malformed', place: { line: 3, column: 3 } }),
    );
    const { scores, repairs } = readAbcLenient(text);
    expect(notesOf(scores[0]!).map((note) => parseInt(note))).toEqual([60, 62, 64]);
    expect(repairs.map(({ line, column }) => [line, column])).toEqual([
      [3, 3],
      [4, 1],
    ]);
    for (const bad of [
      'X:1\n',
      'C D E',
      'X:1\nK:C\n[CE',
      'X:1\nK:C\n"Am',
      'X:1\nM:5/0\nK:C\nC',
      'X:1\nK:C\nC0',
    ])
      expect(() => readAbc(bad)).toThrowError(expect.objectContaining({ code: 'notation/malformed' }));
  });

  it('stops at its limits', () => {
    const tune = 'X:1\nK:C\nL:1/4\n';
    const refuse = (text: string, limits: ReadAbcOptions['limits']): void =>
      expect(() => readAbcLenient(text, { limits })).toThrowError(
        expect.objectContaining({ code: 'notation/limit' }),
      );
    refuse(`${tune}${'C'.repeat(200)}`, { characters: 100 });
    refuse(`${tune}${'C'.repeat(200)}`, { notes: 100 });
    refuse(`${tune}|:${'C'.repeat(20)}${':'.repeat(50)}|`, { notes: 100 });
    refuse(`X:1\nP:((A9)9)9\nK:C\nP:A\n${'C'.repeat(50)}`, { notes: 1000 });
    refuse(`${tune}\n\n`.repeat(9), { tunes: 8 });
    refuse(`${tune}${Array.from({ length: 9 }, (_, i) => `V:${i}\nC`).join('\n')}`, { voices: 8 });
    refuse(`${tune}C9999 Z999 Z999`, { quarters: 1000 });
    refuse(`${tune}|:${'|'.repeat(1)}${'z|'.repeat(500)}${':'.repeat(99)}|`, { steps: 10_000 });
  });

  it('gives a valid score or a typed refusal for any damage to a tune', () => {
    const tune =
      'X:1\nT:Fuzz\nM:6/8\nL:1/8\nQ:3/8=120\nP:A2B\nK:Edor ^c\nV:1 name="a" clef=treble-8\n"Em"{/g}E>F (3GAB|:~e3 [CEG]2-|1 C2z & D3:|2 "^t"^c_d=e||\nw:la la- la_ *\n[V:2]Z2|!f!G,,//A\'3/2 [K:Gm][M:3/4]y(5cdefg u.a-|a::P\n%%MIDI program 3\n';
    const signs = [...'|:[](){}"!+<>-&^_=,\'/0123456789zxZABCdefg %\\\n\u0000é~.KMLQPVwX'];
    const rng = createRng(5);
    for (let i = 0; i < 600; i++) {
      const text = [...tune];
      for (let edit = 1 + rng.integer(8); edit > 0; edit--) {
        const at = rng.integer(text.length);
        const sign = signs[rng.integer(signs.length)]!;
        if (rng.integer(3) === 0) text.splice(at, 1 + rng.integer(4));
        else if (rng.integer(2) === 0)
          text.splice(at, 0, ...sign.repeat(1 + rng.integer(rng.integer(9) === 0 ? 99 : 3)));
        else text[at] = sign;
      }
      for (const read of [() => readAbc(text.join('')), () => readAbcLenient(text.join('')).scores]) {
        try {
          read().forEach(validateScore);
        } catch (error) {
          if (!isAttuneError(error)) throw new Error(JSON.stringify(text.join('')), { cause: error });
        }
      }
    }
  });
});
