import { readWav, writeWav, type AudioClip } from '@attune/core/audio';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder of its own for each run, and programs that work in it. */
export class Workbench {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'attune-audio-'));

  /** What the program said; undefined where it is not installed or failed. */
  call(program: string, ...args: string[]): string | undefined {
    const result = spawnSync(program, args, { cwd: this.folder, encoding: 'utf8', maxBuffer: 2 ** 28 });
    return result.error || result.status !== 0 ? undefined : result.stdout + result.stderr;
  }

  ffmpeg(...args: string[]): boolean {
    return this.call('ffmpeg', '-loglevel', 'error', '-y', ...args) !== undefined;
  }

  has(program: string, flag: string): boolean {
    return this.call(program, flag) !== undefined;
  }

  write(name: string, bytes: Uint8Array): void {
    writeFileSync(path.join(this.folder, name), bytes);
  }

  writeClip(name: string, clip: AudioClip): void {
    this.write(name, writeWav(clip, { bits: 32, float: true }));
  }

  read(name: string): Uint8Array {
    return new Uint8Array(readFileSync(path.join(this.folder, name)));
  }

  readClip(name: string): AudioClip {
    return readWav(this.read(name));
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}

export function printTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  console.log(`| ${head.join(' | ')} |`);
  console.log(`|${head.map((_, i) => (i === 0 ? '---' : '---:')).join('|')}|`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
  console.log('');
}

/** Power of `reference` over that of the difference, all channels, dB; −Infinity for another length or layout. */
export function signalToNoise(reference: AudioClip, other: AudioClip, delay = 0): number {
  let signal = 0;
  let noise = 0;
  reference.channels.forEach((channel, c) => {
    for (let i = Math.max(0, -delay); i < channel.length - Math.max(0, delay); i++) {
      signal += channel[i]! ** 2;
      noise += (channel[i]! - (other.channels[c]?.[i + delay] ?? NaN)) ** 2;
    }
  });
  return 10 * Math.log10(signal / noise);
}

export function decibels(value: number): string {
  if (value === Infinity) return 'equal';
  return Number.isNaN(value) ? '—' : value.toFixed(1);
}
