import { AttuneError, createRng } from '@attune/core';
import { openDataSet } from '@attune/core/node';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { AUDIO_STYLE_FEATURES, createWindowPlan, readWindows } from '../audio-windows.ts';
import { audioExamples, CHANGES, type AudioExample } from './audio-data.ts';
import { renderedExamples } from './rendered-clips.ts';
import { randomStrangeClip } from './strangers.ts';

/** What the shipped audio model learns from and is judged on: windows of clips, measured. */
export interface AudioMaterial {
  /** Clips of rendered-audio, changed copies of those that are not for testing, and all of them after `CHANGES`. */
  readonly clips: readonly AudioExample[];
  /** Clips of our own synthesiser. */
  readonly rendered: readonly AudioExample[];
  /** Made-up sounds that teach what is no music of this world, of no label. */
  readonly strangers: readonly AudioExample[];
}

/** How much there is beside the clips. */
export interface MaterialSettings {
  readonly seed: number;
  /** Changed copies of each clip that is not for testing. */
  readonly copies: number;
  /** Clips of our own synthesiser, a label. */
  readonly rendered: number;
  /** Made-up sounds, in all. */
  readonly strangers: number;
}

/**
 * Decodes, renders and measures, which takes most of the time of a training; with `cache` the outcome is kept in that file, and read
 * from it by the next run with the same settings. Throws `argument/invalid` for a file that is no such cache or one of other settings.
 */
export async function readMaterial(
  dataDir: string,
  settings: MaterialSettings,
  log: (line: string) => void,
  cache?: string,
): Promise<AudioMaterial> {
  const key = JSON.stringify({
    ...settings,
    features: AUDIO_STYLE_FEATURES.length,
    changes: Object.keys(CHANGES),
  });
  if (cache !== undefined && existsSync(cache)) return readCache(cache, key);
  const set = openDataSet(path.join(dataDir, 'rendered-audio'));
  const clips = await audioExamples([set], {
    ...settings,
    changes: CHANGES,
    onSkip: (item, reason) => log(`left out ${item.id}: ${reason}`),
  });
  log(`${clips.length} clips and changed copies measured`);
  const rendered = await renderedExamples(dataDir, settings.rendered, settings.seed, log);
  const material: AudioMaterial = { clips, rendered, strangers: strangeExamples(settings) };
  if (cache !== undefined) writeFileSync(cache, serialize({ key, material }));
  return material;
}

function readCache(file: string, key: string): AudioMaterial {
  const stored = readStored(file);
  if (stored.key === key) return stored.material;
  throw new AttuneError(
    'argument/invalid',
    `The cache ${file} was made with other settings: delete it or name another file.`,
    { file },
  );
}

function readStored(file: string): { readonly key?: string; readonly material: AudioMaterial } {
  try {
    return deserialize(readFileSync(file)) as { key: string; material: AudioMaterial };
  } catch {
    throw new AttuneError('argument/invalid', `${file} is no cache of measured clips.`, { file });
  }
}

/** Every fourth is judged too. */
function strangeExamples({ seed, strangers }: MaterialSettings): AudioExample[] {
  const rng = createRng(seed).fork('strangers');
  const plan = createWindowPlan();
  return Array.from({ length: strangers }, (_, i) => ({
    id: `stranger ${i}`,
    group: `stranger ${i}`,
    split: 'train' as const,
    label: '',
    copy: i % 4 !== 0,
    windows: readWindows(randomStrangeClip(rng), plan).slice(0, 1),
  }));
}
