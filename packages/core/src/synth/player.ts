import { BasicSoundBank, SpessaLog, SpessaSynthProcessor, SpessaSynthSequencer } from 'spessasynth_core';
import { AttuneError } from '../foundation/errors.ts';
import type { Hertz, Sample } from '../foundation/units.ts';
import type { Score } from '../score/score.ts';
import { scoreToSequence, trackChannels } from './score-midi.ts';
import { parseSoundBank } from './sound-bank.ts';

/** Frames between two looks at the sequence: events are heard at most 2.9 ms late at 44.1 kHz. */
export const PLAYER_BLOCK: Sample = 128;

/** No music needs so many voices at once; a bank made to exhaust memory does. */
const MAX_VOICES = 8192;

/** Left and right, of equal length. */
export type StereoPair = readonly [left: Float32Array, right: Float32Array];

/**
 * A synthesiser that plays one score from its start. Sound is added to what the arrays hold. All calls but the last
 * must ask for whole multiples of `PLAYER_BLOCK` frames, so that the same frames come out however they are asked
 * for. A failure of the bank's samples comes as `argument/invalid`, more than 8,192 voices as `audio/limit`.
 */
export interface Player {
  /** The stereo mix of the next `count` frames, at `start` of both arrays. */
  mix(pair: StereoPair, start: Sample, count: Sample): void;
  /** The dry sound of each track into `tracks[track]`, and the reverb and chorus of all into `effects`. */
  split(tracks: readonly StereoPair[], effects: StereoPair, start: Sample, count: Sample): void;
  close(): void;
}

/** Each track plays on a channel of its own, beyond sixteen on further ports. Throws as `parseSoundBank`, `writeMidi`. */
export async function openPlayer(
  score: Score,
  soundFont: Uint8Array,
  { sampleRate, effects }: { readonly sampleRate: Hertz; readonly effects: boolean },
): Promise<Player> {
  SpessaLog.setLogLevel(false, false, false); // a library does not write to the console
  await BasicSoundBank.isSF3DecoderReady;
  const midi = scoreToSequence(withoutEmptyNotes(score));
  const bank = parseSoundBank(soundFont);
  const synth = new SpessaSynthProcessor(sampleRate, { eventsEnabled: false, effectsEnabled: effects });
  await synth.processorInitialized;
  synth.setSystemParameter('autoAllocateVoices', true); // never steal a voice: a dense chord keeps all its notes
  synth.onMissingPreset = () => undefined; // the default also writes to the console
  const sequencer = new SpessaSynthSequencer(synth);
  guard(() => {
    synth.soundBankManager.addSoundBank(bank, 'main');
    sequencer.skipToFirstNoteOn = false; // a rest at the start is part of the music
    sequencer.loopCount = 0;
    sequencer.loadNewSongList([midi]);
    sequencer.play();
  });
  const channels = trackChannels(midi);

  const advance = (start: Sample, count: Sample, process: (at: Sample, frames: Sample) => void): void => {
    guard(() => {
      for (let at = start; at < start + count; at += PLAYER_BLOCK) {
        sequencer.processTick();
        process(at, Math.min(PLAYER_BLOCK, start + count - at));
        if (synth.voiceCount > MAX_VOICES) throw tooManyVoices(synth.voiceCount);
      }
    });
  };
  return {
    mix([left, right], start, count) {
      advance(start, count, (at, frames) => {
        synth.process(left, right, at, frames);
      });
    },
    split(tracks, [left, right], start, count) {
      const unheard = [...tracks[0]!]; // channels that no track plays on stay silent
      const outputs = Array.from(synth.midiChannels, () => unheard);
      channels.forEach((channel, track) => (outputs[channel] = [...tracks[track]!]));
      advance(start, count, (at, frames) => {
        synth.processSplit(outputs, left, right, at, frames);
      });
    },
    close() {
      synth.destroySynthProcessor();
    },
  };
}

/** Notes of no length sound for a tick: a sequence that ends where it starts would not be played at all. */
function withoutEmptyNotes(score: Score): Score {
  if (!score.tracks.some((track) => track.notes.some((note) => note.duration === 0))) return score;
  const tracks = score.tracks.map((track) => ({
    ...track,
    notes: track.notes.map((note) => (note.duration === 0 ? { ...note, duration: 1 } : note)),
  }));
  return { ...score, tracks };
}

function tooManyVoices(voices: number): AttuneError {
  const message = `${voices} voices sound at once; at most ${MAX_VOICES} are rendered.`;
  return new AttuneError('audio/limit', message, { voices, limit: MAX_VOICES });
}

function guard(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof AttuneError) throw error;
    throw new AttuneError(
      'argument/invalid',
      'The SoundFont is damaged: a sound of it cannot be played.',
      {},
      { cause: error },
    );
  }
}
