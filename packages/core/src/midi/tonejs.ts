import * as toneMidi from '@tonejs/midi';
import type { Midi } from '@tonejs/midi';
import { createScore } from '../score/create-score.ts';
import { DEFAULT_BPM } from '../score/tempo-map.ts';
import type { Score, TextEvent, Track } from '../score/score.ts';
import { DRUM_CHANNEL } from './raw-track.ts';

/*
 * The package is CommonJS for Node (everything under `default`) and an ES module with named exports for
 * bundlers. The namespace goes through a variable, so that bundlers do not look for a `default` export.
 */
interface ToneModule {
  readonly Midi: typeof Midi;
}
const toneNamespace: ToneModule | { readonly default: ToneModule } = toneMidi;
const tone: ToneModule = 'Midi' in toneNamespace ? toneNamespace : toneNamespace.default;

/** Major key with −7 … 7 fifths: the names in which @tonejs/midi counts accidentals, in minor keys too. */
const TONE_KEYS = ['Cb', 'Gb', 'Db', 'Ab', 'Eb', 'Bb', 'F', 'C', 'G', 'D', 'A', 'E', 'B', 'F#', 'C#'];
const TONE_META: Readonly<Record<TextEvent['kind'], string>> = {
  text: 'text',
  copyright: 'copyrightNotice',
  lyric: 'lyrics',
  marker: 'marker',
  cue: 'cuePoint',
};
export const TEXT_KINDS = new Map(
  Object.entries(TONE_META).map(([kind, type]) => [type, kind as TextEvent['kind']]),
);
const MELODIC_CHANNELS = Array.from({ length: 16 }, (_, channel) => channel).filter(
  (channel) => channel !== DRUM_CHANNEL,
);

/** The channel of each track in a `Midi`. */
export function toneChannels(tracks: readonly Track[]): number[] {
  let melodic = 0;
  return tracks.map((track) =>
    track.isDrum ? DRUM_CHANNEL : MELODIC_CHANNELS[melodic++ % MELODIC_CHANNELS.length]!,
  );
}

/**
 * The score as a `Midi` of @tonejs/midi 2.0.28, for Tone.js. Ticks, pitches, velocities, controllers,
 * bends, programs, names, tempos, meters, keys and texts are exact, so `toneMidiToScore` gives the score
 * back, except what a `Midi` cannot hold, which `lossesToToneMidi` lists for a score:
 *
 * - the order of different controllers at one tick (they come back by number);
 * - an implied 120 bpm before a first tempo that is not at tick 0: it is written out, because the library
 *   otherwise counts seconds wrongly;
 * - 15 melodic channels: the 16th melodic track and its followers share channels again from the first.
 *
 * To make a file use `writeMidi`; the library's own `toArray()` loses bends, copyright and controller 127,
 * and rounds velocities down.
 */
export function scoreToToneMidi(score: Score): Midi {
  const midi = new tone.Midi();
  const impliedTempo =
    score.tempos.length > 0 && score.tempos[0]!.tick > 0 ? [{ ticks: 0, bpm: DEFAULT_BPM }] : [];
  midi.header.fromJSON({
    name: score.title,
    ppq: score.ticksPerQuarter,
    meta: score.texts.map(({ tick, kind, text }) => ({ ticks: tick, type: TONE_META[kind], text })),
    tempos: [...impliedTempo, ...score.tempos.map(({ tick, bpm }) => ({ ticks: tick, bpm }))],
    timeSignatures: score.meters.map(({ tick, numerator, denominator }) => ({
      ticks: tick,
      timeSignature: [numerator, denominator],
    })),
    keySignatures: score.keys.map(({ tick, fifths, mode }) => ({
      ticks: tick,
      key: TONE_KEYS[fifths + 7]!,
      scale: mode,
    })),
  });
  const channels = toneChannels(score.tracks);
  score.tracks.forEach((track, index) => {
    addToneTrack(midi, track, channels[index]!);
  });
  return midi;
}

function addToneTrack(midi: Midi, track: Track, channel: number): void {
  const toneTrack = midi.addTrack();
  toneTrack.name = track.name;
  toneTrack.channel = channel;
  toneTrack.instrument.number = track.program;
  for (const { start, duration, pitch, velocity } of track.notes) {
    toneTrack.addNote({ midi: pitch, ticks: start, durationTicks: duration, velocity: velocity / 127 });
  }
  for (const { tick, controller, value } of track.controls) {
    toneTrack.addCC({ number: controller, ticks: tick, value: value / 127 });
  }
  for (const { tick, value } of track.bends) toneTrack.addPitchBend({ ticks: tick, value: value / 8192 });
}

/**
 * A `Midi` of @tonejs/midi as a score. Left out, for a Score has no place for them: release velocities, the
 * end of a track after its last note, meta events other than text, lyrics, marker, cue and copyright. A
 * track on channel index 9 plays drums. A key's name counts accidentals, as in the library.
 * `lossesFromToneMidi` lists what a given object loses.
 *
 * @throws AttuneError `score/invalid` where the object holds what no MIDI can: fractional ticks, velocity 0,
 *   unknown keys.
 */
export function toneMidiToScore(midi: Midi): Score {
  const { header } = midi;
  return createScore({
    ticksPerQuarter: header.ppq,
    title: header.name,
    tracks: midi.tracks.map((track) => ({
      name: track.name,
      program: track.instrument.number,
      isDrum: track.channel === DRUM_CHANNEL,
      notes: track.notes.map((note) => ({
        start: note.ticks,
        duration: note.durationTicks,
        pitch: note.midi,
        velocity: Math.round(note.velocity * 127),
      })),
      controls: Object.values(track.controlChanges)
        .flat()
        .map((change) => ({
          tick: change.ticks,
          controller: change.number,
          value: Math.round(change.value * 127),
        })),
      bends: track.pitchBends.map((bend) => ({
        tick: bend.ticks,
        value: Math.min(8191, Math.round(bend.value * 8192)),
      })),
    })),
    tempos: header.tempos.map(({ ticks, bpm }) => ({ tick: ticks, bpm })),
    meters: header.timeSignatures.map(({ ticks, timeSignature }) => ({
      tick: ticks,
      numerator: timeSignature[0] ?? NaN,
      denominator: timeSignature[1] ?? NaN,
    })),
    keys: header.keySignatures.map(({ ticks, key, scale }) => ({
      tick: ticks,
      fifths: TONE_KEYS.includes(key) ? TONE_KEYS.indexOf(key) - 7 : NaN,
      mode: scale === 'minor' ? 'minor' : 'major',
    })),
    texts: header.meta.flatMap(({ ticks, type, text }) => {
      const kind = TEXT_KINDS.get(type);
      return kind ? [{ tick: ticks, kind, text }] : [];
    }),
  });
}
