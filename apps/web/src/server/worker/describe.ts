import type { AudioClip } from '@attune/core/audio';
import { clipDuration, mixToMono } from '@attune/core/audio';
import { keyOfSound, tempoOfSound } from '@attune/classify';
import type { Score } from '@attune/core';
import { analyseScore, styleVectorOf, styleVectorOfAudio } from '@attune/core/style';
import type { ThumbnailNote } from '../../api/types.ts';
import { rollOf, thumbnailOf } from '../music/roll.ts';
import { classifyClip, classifyPiece } from './models.ts';
import type { Description } from './protocol.ts';

const PICTURE_BARS = 120;
/** A key of sound that is likelier wrong than right is not shown. */
const LEAST_SURE = 0.5;

/** Everything that is shown and ranked of a piece, from its notes. */
export async function describeScore(score: Score): Promise<Description> {
  const analysis = analyseScore(score);
  const roll = rollOf(score, null);
  return {
    seconds: roll.seconds,
    tempo: Math.round(analysis.tempo * 10) / 10,
    meter: `${analysis.meter.numerator}/${analysis.meter.denominator}`,
    tonic: analysis.tonic ?? null,
    mode: analysis.mode ?? null,
    instruments: analysis.instruments,
    vector: styleVectorOf(score),
    thumbnail: thumbnailOf(roll),
    classifications: await classifyPiece(score),
  };
}

/** The same of recorded sound: key where it is likely, tempo where there is a beat; what only notes can tell stays open. */
export async function describeClip(clip: AudioClip): Promise<Description> {
  const key = keyOfSound(clip);
  const sure = key !== undefined && key.confidence >= LEAST_SURE;
  const tempo = tempoOfSound(clip);
  return {
    seconds: Math.round(clipDuration(clip) * 1000) / 1000,
    tempo: tempo ? Math.round(tempo.bpm * 10) / 10 : null,
    meter: null,
    tonic: sure ? key.tonic : null,
    mode: sure ? key.mode : null,
    instruments: [],
    vector: styleVectorOfAudio(clip),
    thumbnail: loudnessPicture(clip),
    classifications: await classifyClip(clip),
  };
}

/** Recorded sound has no notes to draw: the picture is its loudness over time, loudest at the top. */
function loudnessPicture(clip: AudioClip): ThumbnailNote[] {
  const samples = mixToMono(clip).channels[0]!;
  const step = Math.max(1, Math.floor(samples.length / PICTURE_BARS));
  const levels: number[] = [];
  for (let start = 0; start + step <= samples.length && levels.length < PICTURE_BARS; start += step) {
    let squares = 0;
    for (let i = start; i < start + step; i++) squares += samples[i]! * samples[i]!;
    levels.push(Math.sqrt(squares / step));
  }
  const loudest = levels.reduce((a, b) => Math.max(a, b), 1e-6);
  const digits = (value: number): number => Math.round(value * 1000) / 1000;
  return levels.map((level, i) => [
    digits(i / levels.length),
    digits(level / loudest),
    digits(1 / levels.length),
  ]);
}
