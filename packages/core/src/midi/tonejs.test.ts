import * as toneNamespace from '@tonejs/midi';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScore } from '../score/create-score.ts';
import { EXACTLY, firstDifference } from '../score/difference.ts';
import type { ControlChange, Score } from '../score/score.ts';
import { createTempoMap } from '../score/tempo-map.ts';
import {
  controlChange,
  metaEvent,
  midiFile,
  midiTrack,
  noteOff,
  noteOn,
  programChange,
  tempoEvent,
} from '../testing/midi-bytes.ts';
import { scoreArbitrary } from '../testing/score-arbitrary.ts';
import { scaleScore } from '../testing/tiny-scores.ts';
import { readMidi } from './read-midi.ts';
import { lossesFromToneMidi, lossesToToneMidi } from './tonejs-losses.ts';
import { scoreToToneMidi, toneMidiToScore } from './tonejs.ts';

const { Midi } = (toneNamespace as unknown as { default: typeof toneNamespace }).default;

/** What a `Midi` holds: controllers of one tick by number, and a tempo at tick 0 if there is any. */
function asHeld(score: Score): Score {
  const byNumber = (controls: readonly ControlChange[]) =>
    controls.toSorted((a, b) => a.tick - b.tick || a.controller - b.controller);
  const tempos = score.tempos.length > 0 ? [{ tick: 0, bpm: 120 }, ...score.tempos] : [];
  return createScore({
    ...score,
    tempos,
    tracks: score.tracks.map((track) => ({ ...track, controls: byNumber(track.controls) })),
  });
}

describe('scoreToToneMidi and toneMidiToScore', () => {
  it('give the score back exactly', () => {
    fc.assert(
      fc.property(scoreArbitrary(fc, { separable: false }), (score) => {
        expect(
          firstDifference(asHeld(score), toneMidiToScore(scoreToToneMidi(score)), EXACTLY),
        ).toBeUndefined();
      }),
    );
  });

  it('survive the library’s own JSON, but for the bends that it drops', () => {
    const score = scaleScore(4, 'major');
    const copy = new Midi();
    copy.fromJSON(
      JSON.parse(JSON.stringify(scoreToToneMidi(score).toJSON())) as ReturnType<typeof copy.toJSON>,
    );
    expect(firstDifference(score, toneMidiToScore(copy), EXACTLY)).toBeUndefined();
  });

  it('agree with the library on seconds', () => {
    fc.assert(
      fc.property(scoreArbitrary(fc), (score) => {
        const midi = scoreToToneMidi(score);
        const map = createTempoMap(score);
        for (const tone of midi.tracks.flatMap((track) => track.notes)) {
          expect(tone.time).toBeCloseTo(map.secondsAt(tone.ticks), 6);
          expect(tone.duration).toBeCloseTo(
            map.secondsBetween(tone.ticks, tone.ticks + tone.durationTicks),
            6,
          );
        }
      }),
    );
  });

  it('read a file as the library reads it', () => {
    const conductor = midiTrack(tempoEvent(0, 400_000), tempoEvent(960, 600_000));
    const piano = midiTrack(
      programChange(0, 4),
      controlChange(0, 64, 127),
      noteOn(0, 60),
      noteOn(10, 64, 90),
      noteOff(400, 60),
      noteOff(90, 64),
      controlChange(5, 64, 0),
    );
    const drums = midiTrack(
      noteOn(0, 36, 100, 9),
      noteOff(60, 36, 9),
      noteOn(60, 38, 99, 9),
      noteOff(60, 38, 9),
    );
    const bytes = midiFile(1, 480, [conductor, piano, drums]);
    expect(firstDifference(readMidi(bytes), toneMidiToScore(new Midi(bytes)), EXACTLY)).toBeUndefined();
  });

  it('refuse what no score holds', () => {
    const midi = scoreToToneMidi(scaleScore(0, 'major'));
    midi.tracks[0]!.notes[0]!.ticks = 0.5;
    expect(() => toneMidiToScore(midi)).toThrow(expect.objectContaining({ code: 'score/invalid' }));
    const silent = scoreToToneMidi(createScore());
    silent.addTrack().addNote({ midi: 60, ticks: 0, durationTicks: 1, velocity: 0 });
    expect(() => toneMidiToScore(silent)).toThrow(expect.objectContaining({ code: 'score/invalid' }));
    const keyless = scoreToToneMidi(createScore());
    keyless.header.keySignatures.push({ ticks: 0, key: 'H', scale: 'major' });
    expect(() => toneMidiToScore(keyless)).toThrow(expect.objectContaining({ code: 'score/invalid' }));
  });
});

describe('lossesToToneMidi', () => {
  it('is empty exactly where the score comes back, shared channels apart', () => {
    fc.assert(
      fc.property(scoreArbitrary(fc, { separable: false }), (score) => {
        const losses = lossesToToneMidi(score).filter(({ kind }) => kind !== 'sharedChannel');
        const back = toneMidiToScore(scoreToToneMidi(score));
        expect(losses.length === 0).toBe(firstDifference(score, back, EXACTLY) === undefined);
      }),
    );
  });

  it('names each loss and its place', () => {
    const control = (tick: number, controller: number) => ({ tick, controller, value: 1 });
    const score = createScore({
      tempos: [{ tick: 96, bpm: 100 }],
      tracks: [
        { controls: [control(0, 7), control(5, 10), control(5, 7), control(5, 1)] },
        ...Array.from({ length: 15 }, () => ({})),
        { isDrum: true },
        { isDrum: true },
      ],
    });
    expect(lossesToToneMidi(score)).toEqual([
      { kind: 'impliedTempo', tick: 96 },
      { kind: 'controlOrder', track: 0, tick: 5 },
      { kind: 'sharedChannel', track: 15, channel: 0, with: 0 },
      { kind: 'sharedChannel', track: 17, channel: 9, with: 16 },
    ]);
    const channels = scoreToToneMidi(score).tracks.map((track) => track.channel);
    expect([channels[15], channels[17]]).toEqual([0, 9]);
  });
});

describe('lossesFromToneMidi', () => {
  it('is empty for what came from a score', () => {
    fc.assert(
      fc.property(scoreArbitrary(fc), (score) => {
        expect(lossesFromToneMidi(scoreToToneMidi(score))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('names what a Score has no place for', () => {
    const track = midiTrack(noteOn(0, 60), [10, 0x80, 60, 127], metaEvent(86, 0x7f, [1]));
    const midi = new Midi(midiFile(0, 96, [track]));
    midi.header.meta.push({ ticks: 3, type: 'deviceName', text: 'x' });
    midi.tracks[0]!.addCC({ number: 7, ticks: 4, value: 0.5 });
    expect(lossesFromToneMidi(midi)).toEqual([
      { kind: 'meta', tick: 3, type: 'deviceName' },
      { kind: 'releaseVelocity', track: 0, index: 0, velocity: 1 },
      { kind: 'rounded', track: 0, list: 'controls', tick: 4, value: 63.5 },
      { kind: 'endOfTrack', track: 0, tick: 96 },
    ]);
  });
});
