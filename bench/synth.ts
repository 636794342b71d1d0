import { createRng, createScore, type Note, type Score } from '@attune/core';
import { clipDuration, clipLength, type AudioClip } from '@attune/core/audio';
import { writeMidi } from '@attune/core/midi';
import { loadSoundFont } from '@attune/core/node';
import { renderScore, renderScoreStream, renderStems, trimSoundFont } from '@attune/core/synth';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const summary =
  'SoundFont rendering of a 2-minute 5-track song: clip, stream, stems; fluidsynth beside it';

const ROUNDS = 3;
const QUARTERS = 240; // two minutes at 120 bpm
const TICKS = 480;
const RATE = 44_100;

interface Result {
  /** Seconds of sound, and CPU seconds until the first of it and until all of it was there. */
  readonly sound: number;
  readonly first: number;
  readonly total: number;
  /** SHA-256 of the samples, shortened; '' for another program's. */
  readonly hash: string;
}

interface Way {
  readonly name: string;
  readonly render: () => Promise<Result> | Result;
}

/**
 * `[ROUNDS]`. Prints medians of the rounds, in which all ways take turns. Speed is in seconds of sound a second of
 * CPU time, which other programs do not change. The hash of the samples must be the same in all rounds.
 */
export async function run(args: readonly string[]): Promise<void> {
  const score = song();
  const bank = await loadSoundFont();
  const begin = process.cpuUsage();
  const small = trimSoundFont(score, bank);
  const [size, smallSize] = [bank, small].map((bytes) => (bytes.length / 1e6).toFixed(2));
  console.log(
    `bank ${size} MB, trimmed to the song ${smallSize} MB in ${cpuSince(begin).toFixed(2)} CPU s\n`,
  );
  const folder = mkdtempSync(path.join(tmpdir(), 'attune-synth-'));
  try {
    const ways = [...ourWays(score, bank, small), ...fluidsynth(folder, score, bank, small)];
    const results = ways.map((): Result[] => []);
    for (let round = 0; round < Number(args[0] ?? ROUNDS); round++) {
      for (const [i, way] of ways.entries()) results[i]!.push(await way.render());
    }
    console.log('| | sound a CPU second | first sound after, CPU s | samples |');
    console.log('|---|---:|---:|---|');
    ways.forEach(({ name }, i) => {
      const speed = median(results[i]!.map(({ sound, total }) => sound / total)).toFixed(1);
      const begun = median(results[i]!.map((result) => result.first));
      const first = Number.isNaN(begun) ? '' : begun.toFixed(2);
      const hashes = [...new Set(results[i]!.map(({ hash }) => hash))].join(', differs: ');
      console.log(`| ${name} | ${speed} s | ${first} | ${hashes} |`);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ourWays(score: Score, bank: Uint8Array, small: Uint8Array): Way[] {
  const whole = (name: string, bytes: Uint8Array, effects: boolean): Way => ({
    name,
    render: async () => {
      const start = process.cpuUsage();
      const clip = await renderScore(score, bytes, { effects });
      const total = cpuSince(start);
      return { sound: clipDuration(clip), first: total, total, hash: hashOf([clip]) };
    },
  });
  const stream = (name: string, bytes: Uint8Array, options: { from?: number }): Way => ({
    name,
    render: async () => {
      const start = process.cpuUsage();
      const blocks: AudioClip[] = [];
      let first = NaN;
      for await (const block of renderScoreStream(score, bytes, options)) {
        if (blocks.push(block) === 1) first = cpuSince(start);
      }
      const total = cpuSince(start);
      const sound = blocks.reduce((sum, block) => sum + clipLength(block), 0) / RATE;
      return { sound, first, total, hash: hashOf(joined(blocks)) };
    },
  });
  const stems: Way = {
    name: 'stems: 5 tracks and effects, trimmed bank',
    render: async () => {
      const start = process.cpuUsage();
      const { tracks, effects } = await renderStems(score, small);
      const total = cpuSince(start);
      return { sound: clipDuration(effects!), first: total, total, hash: hashOf([...tracks, effects!]) };
    },
  };
  return [
    whole('clip, whole bank, reverb and chorus', bank, true),
    whole('clip, trimmed bank, reverb and chorus', small, true),
    whole('clip, trimmed bank, dry', small, false),
    stream('stream, whole bank, reverb and chorus', bank, {}),
    stream('stream, trimmed bank, reverb and chorus', small, {}),
    stream('stream from 1:00, trimmed bank', small, { from: 60 }),
    stems,
  ];
}

/** The same MIDI and banks through the native program where it is installed. */
function fluidsynth(folder: string, score: Score, bank: Uint8Array, small: Uint8Array): Way[] {
  const version = spawnSync('fluidsynth', ['--version'], { encoding: 'utf8' });
  if (version.error) {
    console.log('fluidsynth is not installed: left out.\n');
    return [];
  }
  const midi = path.join(folder, 'song.mid');
  writeFileSync(midi, writeMidi(score));
  const way = (name: string, file: string, bytes: Uint8Array, switches: readonly string[]): Way => {
    const font = path.join(folder, file);
    writeFileSync(font, bytes);
    const wav = path.join(folder, 'song.wav');
    // bash's `time` gives the CPU time of a child, which Node does not
    const command = `TIMEFORMAT='%U %S'; time fluidsynth "$@" >"${folder}/log" 2>&1`;
    const options = ['-ni', '-q', '-r', String(RATE), '-F', wav, ...switches, font, midi];
    return {
      name: `${version.stdout.split('\n')[0]!.replace('FluidSynth runtime version', 'fluidsynth')}, ${name}`,
      render: () => {
        const { stderr, status } = spawnSync('bash', ['-c', command, 'bash', ...options], {
          encoding: 'utf8',
        });
        const total = stderr
          .trim()
          .split(' ')
          .reduce((sum, part) => sum + Number(part), 0);
        if (status !== 0) throw new Error(`fluidsynth failed: ${stderr}`);
        return { sound: (statSync(wav).size - 44) / 4 / RATE, first: NaN, total, hash: '' };
      },
    };
  };
  return [
    way('whole bank, reverb and chorus', 'whole.sf3', bank, ['-R', '1', '-C', '1']),
    way('trimmed bank, reverb and chorus', 'trimmed.sf3', small, ['-R', '1', '-C', '1']),
    way('trimmed bank, dry', 'trimmed.sf3', small, ['-R', '0', '-C', '0']),
  ];
}

function joined(blocks: readonly AudioClip[]): AudioClip[] {
  const length = blocks.reduce((sum, block) => sum + clipLength(block), 0);
  const channels = [new Float32Array(length), new Float32Array(length)];
  let at = 0;
  for (const block of blocks) {
    block.channels.forEach((channel, side) => channels[side]!.set(channel, at));
    at += clipLength(block);
  }
  return [{ sampleRate: RATE, channels }];
}

function hashOf(clips: readonly AudioClip[]): string {
  const hash = createHash('sha256');
  for (const { channels } of clips) for (const channel of channels) hash.update(channel);
  return hash.digest('hex').slice(0, 12);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
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
