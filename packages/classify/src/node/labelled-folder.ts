import { AttuneError, isAttuneError, throwIfCancelled, type OnProgress } from '@attune/core';
import { decodeAudio } from '@attune/core/audio';
import { extractSymbolicFeatures, SYMBOLIC_FEATURES } from '@attune/core/features';
import { readMidiLenient } from '@attune/core/midi';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { AUDIO_STYLE_FEATURES, createWindowPlan, readWindows, type WindowPlan } from '../audio-windows.ts';
import { contourFingerprint, noteText } from '../leaks/contour-fingerprint.ts';
import type { LeakItem } from '../leaks/find-leaks.ts';
import type { Modality } from '../model/style-model.ts';
import type { MelWindow } from '../sound/mel-window.ts';
import { detectFileKind } from './classify-file.ts';
import { requireFinite } from './finite-row.ts';
import { readGroups } from './groups-file.ts';

/** A file of a folder in which each sub-folder is a label. */
export interface LabelledFile extends LeakItem {
  /** [windows][features]: one row of a score, one for each window of a clip. */
  readonly rows: readonly Float64Array[];
  /** Of each window of a clip, where mel windows were asked for. */
  readonly mels?: readonly MelWindow[];
}

/** A folder read as a data set. */
export interface LabelledFolder {
  readonly modality: Modality;
  readonly featureNames: readonly string[];
  /** The last of these, so many of them, are columns of a table (`joinTable`). Default 0. */
  readonly columns?: number;
  readonly labels: readonly string[];
  readonly files: readonly LabelledFile[];
  /** Files that could not be read, with the reason in one sentence. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

/** Which files to read, whom to tell, and when to stop. */
export interface ReadFolderOptions {
  /** Reads only files of this kind; needed where a folder holds both. */
  readonly only?: Modality;
  /** Mel windows of sound too, 80 kB each, for nets. */
  readonly mels?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const SYMBOLIC_FEATURE_NAMES = SYMBOLIC_FEATURES.map(({ name }) => name);
/** Larger files are skipped. */
const MOST_BYTES = 500e6;
/** Files beside the music that nobody means as music. */
const NOT_MUSIC = /^\.|\.(csv|txt|md|json|pdf|jpe?g|png)$/i;

/**
 * Reads `folder/LABEL/…`: every file below a sub-folder carries its name as label; a folder below that, or a row
 * `file,group` of `groups.csv` (paths from `folder`), names what must not be divided by a split. Kinds go by the first bytes.
 * Unreadable files are listed, not fatal. Throws `dataset/missing` for no folder, `dataset/malformed` for no readable file,
 * one label, files of both kinds without `only`, or a `groups.csv` that names other files (`readGroups`); `cancelled`.
 */
export async function readLabelledFolder(
  folder: string,
  { only, mels = false, onProgress, signal }: ReadFolderOptions = {},
): Promise<LabelledFolder> {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new AttuneError('dataset/missing', `There is no folder ${folder}.`, { folder });
  const read = fileReader(mels);
  const listed = listFiles(folder);
  const groups = readGroups(
    folder,
    listed.map(({ id }) => id),
  );
  const files: ReadFile[] = [];
  const skipped: { file: string; reason: string }[] = [];
  for (const [index, { id, label, inner }] of listed.entries()) {
    throwIfCancelled(signal);
    onProgress?.({ done: index, total: listed.length, stage: id });
    await new Promise((resolve) => setImmediate(resolve)); // so that a signal is heard between files
    try {
      const group = groups.get(id) ?? (inner === undefined ? undefined : `${label}/${inner}`);
      files.push(await read(path.join(folder, id), { id, label, ...(group !== undefined && { group }) }));
    } catch (error) {
      if (!isAttuneError(error) && (error as NodeJS.ErrnoException).code === undefined) throw error;
      skipped.push({ file: id, reason: (error as Error).message });
    }
  }
  return { ...ofOneKind(files, only, folder), skipped };
}

type ReadFile = LabelledFile & { readonly modality: Modality };

function fileReader(mels: boolean): (file: string, item: LeakItem) => Promise<ReadFile> {
  const plan = createWindowPlan();
  return (file, item) => readLabelledFile(file, item, plan, mels);
}

function readLabelledFile(file: string, item: LeakItem, plan: WindowPlan, mels: boolean): Promise<ReadFile> {
  const { size } = statSync(file);
  if (size > MOST_BYTES)
    throw new AttuneError('argument/invalid', 'This file is larger than 500 MB.', { bytes: size });
  const bytes = new Uint8Array(readFileSync(file));
  const digest = createHash('sha256').update(bytes).digest('hex');
  return detectFileKind(bytes) === 'midi'
    ? Promise.resolve(readScoreFile(bytes, { ...item, digest }))
    : readAudioFile(bytes, { ...item, digest }, plan, mels);
}

function readScoreFile(bytes: Uint8Array, item: LeakItem): ReadFile {
  const { score } = readMidiLenient(bytes);
  const row = requireFinite(extractSymbolicFeatures(score), SYMBOLIC_FEATURE_NAMES, item.id);
  const notes = createHash('sha256').update(noteText(score)).digest('hex');
  return {
    ...item,
    modality: 'score',
    notes,
    contour: contourFingerprint(score),
    features: row,
    rows: [row],
  };
}

async function readAudioFile(
  bytes: Uint8Array,
  item: LeakItem,
  plan: WindowPlan,
  mels: boolean,
): Promise<ReadFile> {
  const windows = readWindows(await decodeAudio(bytes), plan);
  const rows = windows.map(({ features }) => requireFinite(features, AUDIO_STYLE_FEATURES, item.id));
  return {
    ...item,
    modality: 'audio',
    features: rows[0]!,
    rows,
    ...(mels && { mels: windows.map(({ mel }) => mel) }),
  };
}

function ofOneKind(
  files: readonly ReadFile[],
  only: Modality | undefined,
  folder: string,
): Omit<LabelledFolder, 'skipped'> {
  const kinds = new Set(files.map(({ modality }) => modality));
  const modality = only ?? [...kinds][0];
  if (only === undefined && kinds.size > 1) {
    const count = (kind: Modality): number => files.filter((file) => file.modality === kind).length;
    throw new AttuneError(
      'dataset/malformed',
      `${folder} holds ${count('score')} MIDI and ${count('audio')} audio files: say with --only which are meant.`,
      { folder },
    );
  }
  const kept = files.filter((file) => file.modality === modality);
  const labels = [...new Set(kept.map(({ label }) => label))].sort();
  if (modality === undefined || labels.length < 2) {
    const found =
      labels.length === 0 ? 'no readable music' : `readable music of one label only (${labels[0]})`;
    throw new AttuneError(
      'dataset/malformed',
      `${folder} holds ${found}: it needs a sub-folder of MIDI or audio files for each of at least two labels.`,
      { folder },
    );
  }
  const featureNames = modality === 'score' ? SYMBOLIC_FEATURE_NAMES : AUDIO_STYLE_FEATURES;
  return { modality, featureNames, labels, files: kept };
}

interface ListedFile {
  /** Path from the folder, with forward slashes. */
  readonly id: string;
  readonly label: string;
  /** The folder below the label, where there is one. */
  readonly inner: string | undefined;
}

function listFiles(folder: string): ListedFile[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !NOT_MUSIC.test(entry.name))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep))
    .filter((parts) => parts.length > 1)
    .map((parts) => ({
      id: parts.join('/'),
      label: parts[0]!,
      inner: parts.length > 2 ? parts[1] : undefined,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
