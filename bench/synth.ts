import { createRng, createScore, type Note } from '@attune/core';
import { clipDuration } from '@attune/core/audio';
import { loadSoundFont } from '@attune/core/node';
import { renderScore, trimSoundFont } from '@attune/core/synth';
import { createHash } from 'node:crypto';

export const summary = 'SoundFont rendering of a 2-minute 5-track song: speed, first sound, trimmed bank';

const ROUNDS = 3;
const QUARTERS = 240; // two minutes at 120 bpm
const TICKS = 480;

/** `[ROUNDS]`. Speed is in seconds of sound a second of CPU time, which other programs do not change. Prints the hash of the samples too: it must be one and the same for all rounds and banks. */
export async function run(args: readonly string[]): Promise<void> {
  const score = song();
  const bank = await loadSoundFont();
  const begin = process.cpuUsage();
  const small = trimSoundFont(score, bank);
  console.log(
    `bank ${(bank.length / 1e6).toFixed(1)} MB, trimmed to the song ${(small.length / 1e6).toFixed(2)} MB in ${cpuSince(begin).toFixed(2)} s`,
  );
  for (let round = 0; round < Number(args[0] ?? ROUNDS); round++) {
    for (const [name, bytes, effects] of [
      ['whole bank, reverb and chorus', bank, true],
      ['trimmed bank, reverb and chorus', small, true],
      ['trimmed bank, dry', small, false],
    ] as const) {
      let first = NaN;
      const start = process.cpuUsage();
      const clip = await renderScore(score, bytes, {
        effects,
        onProgress: () => {
          if (Number.isNaN(first)) first = cpuSince(start);
        },
      });
      const seconds = cpuSince(start);
      const hash = createHash('sha256');
      for (const channel of clip.channels) hash.update(channel);
      console.log(
        `${name.padEnd(34)} ${(clipDuration(clip) / seconds).toFixed(1).padStart(5)} s a CPU second, ` +
          `first second after ${first.toFixed(2)} s, sha256 ${hash.digest('hex').slice(0, 12)}`,
      );
    }
  }
}

/** Piano chords, melody, strings, bass and drums: about 2,500 notes. */
function song() {
  const rng = createRng(5);
  const part = (step: number, make: (i: number) => Partial<Note> & { pitch: number }): Note[] =>
    Array.from({ length: (QUARTERS * TICKS) / step }, (_, i) => ({
      start: i * step,
      duration: step,
      velocity: 60 + rng.integer(50),
      ...make(i),
    }));
  const root = (tick: number): number => [0, 9, 5, 7][Math.floor(tick / (4 * TICKS)) % 4]!;
  return createScore({
    tempos: [{ tick: 0, bpm: 120 }],
    tracks: [
      {
        name: 'Piano',
        program: 0,
        notes: [0, 4, 7].flatMap((p) => part(TICKS, (i) => ({ pitch: 60 + root(i * TICKS) + p }))),
      },
      {
        name: 'Flute',
        program: 73,
        notes: part(TICKS / 2, (i) => ({
          pitch: 72 + root((i * TICKS) / 2) + [0, 2, 4, 7, 9][rng.integer(5)]!,
        })),
      },
      {
        name: 'Strings',
        program: 48,
        notes: [0, 7].flatMap((p) => part(4 * TICKS, (i) => ({ pitch: 48 + root(i * 4 * TICKS) + p }))),
      },
      { name: 'Bass', program: 33, notes: part(TICKS, (i) => ({ pitch: 36 + root(i * TICKS) })) },
      {
        name: 'Drums',
        isDrum: true,
        notes: part(TICKS / 2, (i) => ({ pitch: i % 4 === 0 ? 36 : i % 4 === 2 ? 38 : 42 })),
      },
    ],
  });
}

/** CPU seconds of this process, all threads. */
function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
