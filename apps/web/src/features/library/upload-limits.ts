import { formatBytes } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';

const MIDI_LIMIT = 2_000_000;
const AUDIO_LIMIT = 50_000_000;

/** What the file picker offers; the server decides by the bytes themselves. */
export const ACCEPT = '.mid,.midi,.wav,.mp3,.flac,.ogg,.opus,audio/*';

/** Why a file need not be sent at all, or null. The name only chooses which limit applies. */
export function refusalOf(file: { readonly name: string; readonly size: number }): string | null {
  if (file.size === 0) return strings.upload.emptyFile;
  if (/\.midi?$/i.test(file.name)) {
    return file.size > MIDI_LIMIT ? strings.upload.tooLargeMidi(formatBytes(file.size)) : null;
  }
  return file.size > AUDIO_LIMIT ? strings.upload.tooLargeAudio(formatBytes(file.size)) : null;
}
