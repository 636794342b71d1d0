import { createScore, type Note, type Score } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { formMeasures, formMerit, meanFormMeasures } from './form.ts';

const QUARTER = 480;

/** Bars of four quarters; a bar is four chords, `''` a rest, names of white keys from C4. */
function piece(...bars: string[]): Score {
  const pitchOf = (name: string): number => 60 + [0, 2, 4, 5, 7, 9, 11]['CDEFGAB'.indexOf(name)]!;
  const notes = bars.flatMap((bar, i) =>
    bar.split(' ').flatMap((chord, quarter) =>
      [...(chord === '.' ? '' : chord)].map((name): Note => ({
        ...{ start: (4 * i + quarter) * QUARTER, duration: QUARTER, pitch: pitchOf(name), velocity: 80 },
      })),
    ),
  );
  return createScore({ tracks: [{ notes }] });
}

describe('formMeasures', () => {
  it('is worked out by hand: four bars that return once with one note of four changed', () => {
    const four = ['C E G E', 'F A C A', 'G B D B', 'C E G C'];
    const score = piece(...four, 'C E G E', 'F A C A', 'G B D B', 'C E D C');
    const { similarity4, similarity8 } = formMeasures(score);
    expect(similarity4).toBeCloseTo((1 + 1 + 1 + 3 / 4) / 4, 12);
    expect(similarity8).toBeUndefined(); // eight bars have no bar eight bars earlier
  });

  it('hears transposed returns as the same, and leaves out bars that are empty both times', () => {
    // D F E D is C E D C a tone up but for one semitone: D−C 2, F−E 1, E−D 2, D−C 2 → three of four notes
    const score = piece(
      'C E D C',
      '. . . .',
      'C C C C',
      'C C C C',
      'D F E D',
      '. . . .',
      'C C C C',
      'G G G G',
    );
    expect(formMeasures(score).similarity4).toBeCloseTo((3 / 4 + 1 + 1) / 3, 12);
  });

  it('counts phrases that rest on tonic or dominant, and hears the last bass', () => {
    const inC = ['C D E F', 'G A G F', 'E D C E', 'D G G GBD'];
    const closed = piece(...inC, 'C D E F', 'G A G F', 'E D C E', 'G F D CEG');
    expect(formMeasures(closed)).toMatchObject({ cadences: 1, endsOnTonic: 1 });
    // second phrase on F A: neither; its bass is F
    const open = piece(...inC, 'C D E F', 'G E G C', 'E D C E', 'G E C FA');
    expect(formMeasures(open)).toMatchObject({ cadences: 1 / 2, endsOnTonic: 0 });
  });

  it('says nothing of silence, and of drums only what repeats', () => {
    expect(formMeasures(createScore())).toEqual({});
    const beat = (bar: number): Note => ({ start: bar * 4 * QUARTER, duration: 60, pitch: 36, velocity: 90 });
    const drums = createScore({ tracks: [{ isDrum: true, notes: [0, 1, 2, 3, 4].map(beat) }] });
    expect(formMeasures(drums)).toEqual({ similarity4: 1 });
  });

  it('averages over the pieces that have a measure', () => {
    const short = piece('C E G C');
    const { similarity4, endsOnTonic } = meanFormMeasures([short, piece('C E G B')]);
    expect(similarity4).toBeNaN();
    expect(endsOnTonic).toBeCloseTo(1 / 2, 12);
  });
});

describe('formMerit', () => {
  const four = ['C E G E', 'F A C A', 'G B D B', 'C E G C'];

  it('is the mean of rests, ending and returns, worked out by hand', () => {
    // A A: the second phrase changes one note of its last bar; both phrases rest on the tonic, the end is C E D C: bass C
    const score = piece(...four, 'C E G E', 'F A C A', 'G B D B', 'C E D C');
    const { cadences, endsOnTonic } = formMeasures(score);
    expect(formMerit(score, 8)).toBeCloseTo((cadences! + endsOnTonic!) / 2, 12);
    const returns = (1 + 1 + 1 + 3 / 4) / 4;
    expect(formMerit(score, 8, 'AA')).toBeCloseTo((cadences! + endsOnTonic! + returns) / 3, 12);
  });

  it('takes no section for returning where all letters differ', () => {
    const score = piece(...four, ...four);
    expect(formMerit(score, 8, 'AB')).toBe(formMerit(score, 8));
  });

  it('is higher for a piece that keeps to the sections asked for', () => {
    const other = ['D F A F', 'E G B G', 'A C E C', 'C E G C'];
    expect(formMerit(piece(...four, ...four), 8, 'AA')!).toBeGreaterThan(
      formMerit(piece(...four, ...other), 8, 'AA')!,
    );
  });

  it('says nothing of silence and of drums without sections', () => {
    expect(formMerit(createScore(), 4)).toBeUndefined();
    const beat = (bar: number): Note => ({ start: bar * 4 * QUARTER, duration: 60, pitch: 36, velocity: 90 });
    const drums = createScore({ tracks: [{ isDrum: true, notes: [0, 1, 2, 3].map(beat) }] });
    expect(formMerit(drums, 4)).toBeUndefined();
    expect(formMerit(drums, 4, 'AA')).toBe(1);
  });

  it('names a form with more sections than bars', () => {
    expect(() => formMerit(piece(...four), 4, 'ABCDE')).toThrow(/5 sections/);
  });
});
