import { AttuneError } from '@attune/core';
import type { OnProgress, Score } from '@attune/core';
import { encodeMp3, writeWav } from '@attune/core/audio';
import { writeMidi } from '@attune/core/midi';
import { loadSoundFont } from '@attune/core/node';
import { writeMusicXml } from '@attune/core/notation';
import { renderScore } from '@attune/core/synth';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FORMATS = ['.mid', '.midi', '.musicxml', '.wav', '.mp3'] as const;
type Format = (typeof FORMATS)[number];

export interface WriteOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** The format that a file name asks for. Throws `argument/invalid` for an ending that is not written. */
export function formatOf(file: string): Format {
  const ending = path.extname(file).toLowerCase();
  const format = FORMATS.find((known) => known === ending);
  if (format) return format;
  throw new AttuneError('argument/invalid', `"${file}" must end in .mid, .musicxml, .wav or .mp3.`, { file });
}

/**
 * Writes a score as MIDI or MusicXML, or rendered with the built-in SoundFont as WAV or MP3. The file appears whole or not at
 * all. Throws `cancelled` when the signal fires.
 */
export async function writePiece(file: string, score: Score, options: WriteOptions = {}): Promise<void> {
  writeWhole(file, await bytesOf(formatOf(file), score, options));
}

/** Writes beside the place of the file and moves it there. Throws `argument/invalid` where that cannot be done. */
export function writeWhole(file: string, content: Uint8Array | string): void {
  const part = path.join(path.dirname(file), `.${path.basename(file)}.part`);
  try {
    writeFileSync(part, content);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new AttuneError(
      'argument/invalid',
      `${file} cannot be written (${reason}).`,
      { file },
      { cause: error },
    );
  }
}

async function bytesOf(
  format: Format,
  score: Score,
  { onProgress, signal }: WriteOptions,
): Promise<Uint8Array> {
  if (format === '.mid' || format === '.midi') return writeMidi(score);
  if (format === '.musicxml') return new TextEncoder().encode(writeMusicXml(score));
  const clip = await renderScore(score, await loadSoundFont(), {
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  return format === '.wav' ? writeWav(clip) : encodeMp3(clip);
}
