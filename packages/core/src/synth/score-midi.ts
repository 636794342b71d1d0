import { BasicMIDI } from 'spessasynth_core';
import { writeMidi } from '../midi/write-midi.ts';
import type { Score } from '../score/score.ts';

const PORT_EVENT = 0x21;
/** Channels of a port. */
const CHANNELS = 16;

/** A score as the synthesiser's sequence; throws as `writeMidi`. Its first chunk is the conductor's, without notes. */
export function scoreToSequence(score: Score): BasicMIDI {
  const midi = BasicMIDI.fromArrayBuffer(writeMidi(score).buffer);
  // The parser moves tracks that name no port to the lowest port that is named, where they would share channels
  // (and so programs) with the tracks of that port. By the file they belong to port 0.
  for (const track of midi.tracks) {
    track.port = track.events.find((event) => event.statusByte === PORT_EVENT)?.data[0] ?? 0;
  }
  const ports = Math.max(0, ...midi.tracks.map((track) => track.port)) + 1;
  midi.portChannelOffsetMap = Array.from({ length: ports }, (_, port) => CHANNELS * port);
  return midi;
}

/** [score.tracks.length]: the synthesiser's channel on which each track plays. No two share one. */
export function trackChannels(midi: BasicMIDI): number[] {
  return midi.tracks.slice(1).map(({ port, channels }) => CHANNELS * port + [...channels][0]!);
}
