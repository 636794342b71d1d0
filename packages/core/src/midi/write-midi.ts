import { AttuneError } from '../foundation/errors.ts';
import { createByteWriter } from '../foundation/byte-writer.ts';
import { sortedByTick } from '../score/order.ts';
import type { Note, Score, Track } from '../score/score.ts';
import { validateScore } from '../score/validate-score.ts';
import { ChunkWriter, writeChunk } from './chunk-writer.ts';
import { META_TEXTS } from './midi-meta.ts';
import { DRUM_CHANNEL } from './raw-track.ts';

/**
 * Writes a Standard MIDI File of format 1: a conductor track with title, tempos, meters, keys and texts,
 * then one track chunk for each track, in order, each on a channel of its own.
 *
 * Channels: melodic tracks take channels 1–9 and 11–16 in order; the 16th and later melodic tracks go to
 * further ports (meta event 0x21), 15 to a port, and the second and later drum tracks to channel 10 of
 * further ports. A player that ignores ports then lets tracks share a channel; `readMidi` does not.
 *
 * `readMidi(writeMidi(score))` equals the score, except: a tempo is rounded to whole microseconds a quarter;
 * of notes of one pitch that overlap in one track, the earlier start gets the earlier end (MIDI cannot tell
 * them apart); unpaired surrogates in text become U+FFFD.
 *
 * @throws AttuneError `score/invalid`: the score breaks its rules, or has a tempo below 3.58 bpm, two events
 *   2²⁸ ticks apart, more than 1920 melodic or 128 drum tracks.
 */
export function writeMidi(score: Score): Uint8Array<ArrayBuffer> {
  validateScore(score);
  const places = assignChannels(score.tracks);
  const writer = createByteWriter(4096);
  writer.latin1('MThd');
  writer.uint32(6);
  writer.uint16(1);
  writer.uint16(score.tracks.length + 1);
  writer.uint16(score.ticksPerQuarter);
  writeChunk(writer, 'MTrk', () => {
    writeConductor(new ChunkWriter(writer), score);
  });
  score.tracks.forEach((track, i) => {
    writeChunk(writer, 'MTrk', () => {
      writeTrack(new ChunkWriter(writer), track, places[i]!);
    });
  });
  return writer.toBytes();
}

interface ChannelPlace {
  readonly port: number;
  readonly channel: number;
}

const MELODIC_CHANNELS = Array.from({ length: 16 }, (_, channel) => channel).filter(
  (channel) => channel !== DRUM_CHANNEL,
);
const PORTS = 128;

function assignChannels(tracks: readonly Track[]): ChannelPlace[] {
  let melodic = 0;
  let drums = 0;
  return tracks.map((track, index) => {
    const place = track.isDrum
      ? { port: drums++, channel: DRUM_CHANNEL }
      : {
          port: Math.floor(melodic / MELODIC_CHANNELS.length),
          channel: MELODIC_CHANNELS[melodic++ % MELODIC_CHANNELS.length]!,
        };
    if (place.port < PORTS) return place;
    throw new AttuneError('score/invalid', `Track ${index} finds no free channel on the ${PORTS} ports.`, {
      track: index,
    });
  });
}

const utf8 = new TextEncoder();

function writeConductor(chunk: ChunkWriter, score: Score): void {
  if (score.title !== '') chunk.meta(0, 0x03, utf8.encode(score.title));
  const events = [
    ...score.texts.map(({ tick, kind, text }) => ({ tick, type: META_TEXTS[kind], body: utf8.encode(text) })),
    ...score.tempos.map(({ tick, bpm }) => ({ tick, type: 0x51, body: tempoBody(bpm, tick) })),
    ...score.meters.map(({ tick, numerator, denominator }) => ({
      tick,
      type: 0x58,
      body: meterBody(numerator, denominator),
    })),
    ...score.keys.map(({ tick, fifths, mode }) => ({
      tick,
      type: 0x59,
      body: [fifths & 0xff, mode === 'minor' ? 1 : 0],
    })),
  ];
  for (const { tick, type, body } of sortedByTick<{ tick: number; type: number; body: ArrayLike<number> }>(
    events,
  ))
    chunk.meta(tick, type, body);
  chunk.end();
}

function tempoBody(bpm: number, tick: number): number[] {
  const microseconds = Math.round(60_000_000 / bpm);
  if (microseconds < 1 || microseconds > 0xffffff) {
    throw new AttuneError('score/invalid', `A MIDI file cannot hold ${bpm} bpm.`, { tick, bpm });
  }
  return [microseconds >>> 16, (microseconds >>> 8) & 0xff, microseconds & 0xff];
}

/** The last two bytes are the standard's usual ones: metronome clicks each beat, 8 notated 32nds a quarter. */
function meterBody(numerator: number, denominator: number): number[] {
  const isCompound = denominator >= 8 && numerator % 3 === 0;
  const clocks = Math.max(1, (96 / denominator) * (isCompound ? 3 : 1));
  return [numerator, Math.log2(denominator), Math.floor(clocks), 8];
}

/** At one tick: ends of earlier notes, controls, bends, then note starts; notes of length 0 end at once. */
function writeTrack(chunk: ChunkWriter, track: Track, place: ChannelPlace): void {
  const { notes, controls, bends } = track;
  const { channel } = place;
  if (track.name !== '') chunk.meta(0, 0x03, utf8.encode(track.name));
  if (place.port > 0) chunk.meta(0, 0x21, [place.port]);

  let control = 0;
  let bend = 0;
  // Controls at tick 0 come first, so that a bank is selected before its program.
  for (; controls[control]?.tick === 0; control++)
    chunk.message(0, 0xb0 | channel, controls[control]!.controller, controls[control]!.value);
  chunk.message(0, 0xc0 | channel, track.program);

  const ends = notes
    .filter((note) => note.duration > 0)
    .sort((a, b) => endOf(a) - endOf(b) || a.pitch - b.pitch);
  let start = 0;
  let end = 0;
  while (start < notes.length || end < ends.length || control < controls.length || bend < bends.length) {
    const endTick = end < ends.length ? endOf(ends[end]!) : Infinity;
    const controlTick = controls[control]?.tick ?? Infinity;
    const bendTick = bends[bend]?.tick ?? Infinity;
    const startTick = notes[start]?.start ?? Infinity;
    const tick = Math.min(endTick, controlTick, bendTick, startTick);
    if (endTick === tick) chunk.message(tick, 0x90 | channel, ends[end++]!.pitch, 0);
    else if (controlTick === tick) {
      const { controller, value } = controls[control++]!;
      chunk.message(tick, 0xb0 | channel, controller, value);
    } else if (bendTick === tick) {
      const value = bends[bend++]!.value + 8192;
      chunk.message(tick, 0xe0 | channel, value & 0x7f, value >>> 7);
    } else {
      const { pitch, velocity, duration } = notes[start++]!;
      chunk.message(tick, 0x90 | channel, pitch, velocity);
      if (duration === 0) chunk.message(tick, 0x90 | channel, pitch, 0);
    }
  }
  chunk.end();
}

function endOf(note: Note): number {
  return note.start + note.duration;
}
