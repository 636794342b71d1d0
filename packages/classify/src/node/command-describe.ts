import { AttuneError } from '@attune/core';
import { decodeAudio } from '@attune/core/audio';
import { readMidiLenient } from '@attune/core/midi';
import type { Command } from 'commander';
import type { Classification } from '../classification.ts';
import { describeMusic, type MusicDescription } from '../labels/describe-music.ts';
import { describeSound, type SoundDescription } from '../labels/describe-sound.ts';
import { placeLabel, STYLE_TREE, type BroadAnswer, type LabelTree } from '../labels/label-tree.ts';
import type { MoodLabel } from '../labels/mood-label.ts';
import { faultOf, readFile } from './command-classify.ts';
import { collect } from './data-option.ts';
import { detectFileKind } from './classify-file.ts';
import { loadClassifiers, loadDrumClassifier, loadShippedClassifiers, type Classifiers } from './shipped.ts';

/** How files are described. */
export interface DescribeFilesOptions {
  readonly json?: boolean;
  /** Folders of models in place of the shipped ones. */
  readonly model?: readonly string[];
  /** Labels below broader ones, each `LABEL=BROADER`, beside `STYLE_TREE`. */
  readonly place?: readonly string[];
}

/** Probable labels that are shown of an unsure style. */
const SHOWN = 3;
const HELP = `
Of notes: style (and the broader label where that is all that is probable), moods, key, tempo, meter, instruments, style of the drums.
Of sound: style, the moods and dimensions that sound tells, key with its probability, tempo.
--place puts a label of a model of your own below a broader one, which is named where the fine one is unsure.

Examples:
  attune-classify describe song.mid clip.mp3
  attune-classify describe --json *.mid
  attune-classify describe --model MODEL --place jig=folk --place reel=folk song.mid`;

/** `attune-classify describe FILE…`: a piece or a sound in the words of each label set. */
export function addDescribeCommand(program: Command, onStatus: (status: number) => void): void {
  program
    .command('describe <files...>')
    .description('says in words what MIDI files and sounds are: style, moods, key, tempo, instruments, drums')
    .option('--json', 'print one JSON object a file')
    .option('--model <folder>', 'a model to use in place of the shipped ones; may be repeated', collect)
    .option('--place <label=broader>', 'a label below a broader one; may be repeated', collect)
    .addHelpText('after', HELP)
    .action(async (files: string[], options: DescribeFilesOptions) => {
      onStatus(await describeFiles(files, options));
    });
}

/** Describes each file; a bad one is named on standard error and the others continue. Resolves to the exit status. */
export async function describeFiles(
  files: readonly string[],
  { json = false, model = [], place = [] }: DescribeFilesOptions,
): Promise<number> {
  const tree = place.reduce(placed, STYLE_TREE);
  const classifiers = model.length === 0 ? await loadShippedClassifiers() : loadClassifiers(model);
  const describe = describer(classifiers, tree);
  let status = 0;
  for (const file of files) {
    try {
      const { kind, description, lines } = await describe(readFile(file));
      process.stdout.write(
        json ? `${JSON.stringify({ file, kind, ...description })}\n` : `${file}\n${tableOf(lines)}\n`,
      );
    } catch (error) {
      status = 1;
      process.stderr.write(`attune-classify: ${file}: ${faultOf(error)}\n`);
    }
  }
  return status;
}

type Line = readonly [name: string, text: string];

interface Described {
  readonly kind: 'notes' | 'sound';
  readonly description: MusicDescription | SoundDescription;
  readonly lines: readonly Line[];
}

function describer(
  { classifyScore, classifyAudio, scoreLabels, audioLabels }: Classifiers,
  tree: LabelTree,
): (bytes: Uint8Array) => Promise<Described> {
  const notes = { model: '', labels: scoreLabels, classifyScore };
  const sound = { model: '', labels: audioLabels, classifyAudio };
  let drumStyle: ReturnType<typeof loadDrumClassifier> | undefined;
  return async (bytes) => {
    if (detectFileKind(bytes) === 'audio') {
      const description = describeSound(await decodeAudio(bytes), { style: sound, tree });
      return { kind: 'sound', description, lines: soundLines(description) };
    }
    drumStyle ??= loadDrumClassifier();
    const description = describeMusic(readMidiLenient(bytes).score, { style: notes, drumStyle, tree });
    return { kind: 'notes', description, lines: musicLines(description) };
  };
}

/** Throws `argument/invalid` for a text of another form, and as `placeLabel`. */
function placed(tree: LabelTree, text: string): LabelTree {
  const [label, broader, ...more] = text.split('=').map((part) => part.trim());
  if (label && broader && more.length === 0) return placeLabel(tree, label, broader);
  throw new AttuneError('argument/invalid', `--place takes LABEL=BROADER, not "${text}".`, { place: text });
}

function musicLines(found: MusicDescription): Line[] {
  const { key, tempo, meter, drumStyle } = found;
  return [
    ['style', styleText(found.style, found.broadStyle)],
    ['mood', moodText(found.mood)],
    ['key', key ? `${key.name} (clarity ${key.clarity.toFixed(2)})` : 'none: only drums play'],
    ['tempo', `${tempo.toFixed(1)} bpm`],
    ['meter', `${meter.numerator}/${meter.denominator}`],
    ['instruments', found.instruments.join(', ')],
    ...(drumStyle ? [['drums', styleText(drumStyle, undefined)] as const] : []),
  ];
}

function soundLines(found: SoundDescription): Line[] {
  const { key, tempo, dimensions } = found;
  return [
    ['style', styleText(found.style, found.broadStyle)],
    ['mood', moodText(found.mood)],
    ['key', key ? `${key.name} (${percent(key.confidence)} sure)` : 'none heard'],
    ['tempo', tempo ? `${tempo.bpm.toFixed(1)} bpm, or half or double of it` : 'no beat heard'],
    ...dimensions.map(({ name, value, unit, word, r2 }): Line => [
      name,
      `${word}: ${value.toFixed(2)} ${unit} (explains ${percent(r2)} of the variance)`,
    ]),
  ];
}

function styleText(
  { label, confidence, probabilities, unsure }: Classification,
  broad?: BroadAnswer,
): string {
  const wide = broad && broad.label !== label ? `broadly ${broad.label} ${percent(broad.probability)}` : '';
  if (label !== null) return [`${label} ${percent(confidence)}`, wide].filter(Boolean).join(', ');
  if (unsure === 'unfamiliar') return 'unsure: unlike the training data';
  const likely = probabilities
    .slice(0, SHOWN)
    .map((each) => `${each.label} ${percent(each.probability)}`)
    .join(', ');
  return `unsure${wide && `, ${wide}`}: ${likely}`;
}

function moodText(mood: Readonly<Partial<Record<string, MoodLabel>>>): string {
  return Object.entries(mood)
    .map(([axis, label]) => `${label!.word} (${axis} ${label!.quantile.toFixed(2)})`)
    .join(', ');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

function tableOf(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n');
}
