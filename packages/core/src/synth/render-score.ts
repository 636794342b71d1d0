import { BasicMIDI, BasicSoundBank, SpessaSynthProcessor, SpessaSynthSequencer } from 'spessasynth_core';
import type { AudioClip } from '../audio/audio-clip.ts';
import { decibelsToGain, limitPeaks, measureRms, scaleClip } from '../audio/level.ts';
import { pause } from '../audio/pause.ts';
import { AttuneError, throwIfCancelled } from '../foundation/errors.ts';
import type { OnProgress } from '../foundation/progress.ts';
import type { Decibel, Hertz, Second } from '../foundation/units.ts';
import { writeMidi } from '../midi/write-midi.ts';
import { countNotes, scoreDuration } from '../score/extent.ts';
import type { Score } from '../score/score.ts';
import { parseSoundBank } from './sound-bank.ts';

/** How a score is rendered. */
export interface RenderOptions {
  /** Default 44,100 Hz. */
  readonly sampleRate?: Hertz;
  /** How long the last notes may ring after the end of the score. Default 2.5 s. */
  readonly tailSeconds?: Second;
  /**
   * Linear gain before the limiter, or 'level' (default): the gain that brings the whole clip's RMS to
   * −18 dBFS, at most +24 dB, so that pieces sound alike loud.
   */
  readonly gain?: number | 'level';
  /** Reverb and chorus. Default true. */
  readonly effects?: boolean;
  /** A longer score is refused with `audio/limit`. Default 1,800 s. */
  readonly maxSeconds?: Second;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Frames between two looks at the sequence: events are heard at most 2.9 ms late at 44.1 kHz. */
const BLOCK = 128;
const LEVEL: Decibel = -18;
const MAX_LEVEL_GAIN: Decibel = 24;
const CEILING: Decibel = -1;

/**
 * Plays a score on a SoundFont (SF2 or SF3) into a stereo clip of ceil((duration + tail) × rate) frames, no sample
 * over −1 dBFS. The same score and bytes give the same samples, bit for bit, in every process. The work gives
 * way to timers about once a second of music, and then reports progress (in seconds) and obeys the signal.
 * Throws `score/invalid`, `argument/invalid`, `audio/limit`, `cancelled`.
 */
export async function renderScore(
  score: Score,
  soundFont: Uint8Array,
  options: RenderOptions = {},
): Promise<AudioClip> {
  const {
    sampleRate = 44_100,
    tailSeconds = 2.5,
    gain = 'level',
    maxSeconds = 1800,
    onProgress,
    signal,
  } = options;
  if (!(sampleRate >= 8000 && sampleRate <= 192_000) || !(tailSeconds >= 0 && tailSeconds <= 60)) {
    throw new AttuneError('argument/invalid', 'Rendering needs 8,000–192,000 Hz and a tail of 0–60 s.', {
      sampleRate,
      tailSeconds,
    });
  }
  const seconds = scoreDuration(score) + tailSeconds;
  if (seconds > maxSeconds) {
    throw new AttuneError(
      'audio/limit',
      `The score lasts ${Math.round(seconds)} s; at most ${maxSeconds} s are rendered.`,
      {
        seconds,
        maxSeconds,
      },
    );
  }
  throwIfCancelled(signal);
  const length = Math.ceil(seconds * sampleRate);
  const left = new Float32Array(length);
  const right = new Float32Array(length);
  if (countNotes(score) === 0) return { sampleRate, channels: [left, right] };
  const { synth, sequencer } = await openPlayer(score, soundFont, sampleRate, options.effects ?? true);
  try {
    let nextPause = sampleRate;
    for (let start = 0; start < length; start += BLOCK) {
      sequencer.processTick();
      synth.process(left, right, start, Math.min(BLOCK, length - start));
      if (start < nextPause) continue;
      nextPause += sampleRate;
      onProgress?.({ done: start / sampleRate, total: seconds, stage: 'Rendering' });
      await pause();
      throwIfCancelled(signal);
    }
    onProgress?.({ done: seconds, total: seconds, stage: 'Rendering' });
    return finish({ sampleRate, channels: [left, right] }, gain);
  } finally {
    synth.destroySynthProcessor();
  }
}

async function openPlayer(score: Score, soundFont: Uint8Array, sampleRate: Hertz, effects: boolean) {
  await BasicSoundBank.isSF3DecoderReady;
  const synth = new SpessaSynthProcessor(sampleRate, { eventsEnabled: false, effectsEnabled: effects });
  await synth.processorInitialized;
  synth.setSystemParameter('autoAllocateVoices', true); // never steal a voice: a dense chord keeps all its notes
  synth.onMissingPreset = () => undefined; // the default also writes to the console
  synth.soundBankManager.addSoundBank(parseSoundBank(soundFont), 'main');
  const sequencer = new SpessaSynthSequencer(synth);
  sequencer.skipToFirstNoteOn = false; // a rest at the start is part of the music
  sequencer.loopCount = 0;
  sequencer.loadNewSongList([BasicMIDI.fromArrayBuffer(writeMidi(score).buffer)]);
  sequencer.play();
  return { synth, sequencer };
}

function finish(clip: AudioClip, gain: number | 'level'): AudioClip {
  const rms = measureRms(clip);
  const factor =
    gain === 'level'
      ? Math.min(decibelsToGain(MAX_LEVEL_GAIN), rms === 0 ? 1 : decibelsToGain(LEVEL) / rms)
      : gain;
  return limitPeaks(factor === 1 ? clip : scaleClip(clip, factor), { ceilingDb: CEILING });
}
