import { isAttuneError } from '@attune/core';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { addDescribeCommand } from './command-describe.ts';
import { addEvaluateCommand } from './command-evaluate.ts';
import { addFitCommands } from './command-fit.ts';
import { FEATURES_OPTION } from './feature-table.ts';
import { classifyFiles, type ClassifyOptions } from './command-classify.ts';
import { addCheckCommand } from './command-check.ts';
import { addTrainCommand } from './command-train.ts';
import { collect } from './data-option.ts';
import { isSystemError, systemMessage } from './system-error.ts';

const EXAMPLES = `
Examples:
  attune-classify song.mid clip.mp3            a table: file, label, confidence, model
  attune-classify --top 3 *.mid                the three most probable labels
  attune-classify --json song.mid              one JSON object a line
  attune-classify evaluate --test DIR          figures on a data set of your own
  attune-classify describe song.mid clip.mp3   style, moods, key, tempo, instruments, drums in words
  attune-classify check FOLDER                 leaks and duplicates in a folder of labels
  attune-classify train FOLDER --out MODEL     a model of your own labels
  attune-classify --model MODEL *.mid          and its answers
  attune-classify evaluate FOLDER --model MODEL --html report.html

A file is read by its first bytes, whatever its name: MIDI goes to the score classifier, WAV, MP3, FLAC,
Ogg Vorbis and Opus to the audio classifier. "unsure" means that the model gives no label: its probability is
too low, or the music is unlike all that it learned from.

Exit status: 0 all files classified (unsure counts), 1 a file could not be, 2 wrong usage.`;

/** The command line `attune-classify`; `argv` without node and script. Resolves to the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  let status = 0;
  const program = new Command('attune-classify')
    .description('Tells the style of MIDI files and of sound.')
    .argument('[files...]', 'MIDI or audio files')
    .option('--json', 'print one JSON object a file')
    .option('--model <folder>', 'a model to use in place of the shipped ones; may be repeated', collect, [])
    .option('--features <file>', FEATURES_OPTION)
    .option('--top <n>', 'print the n most probable labels', wholeNumber, 1)
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .enablePositionalOptions()
    .action(async (files: string[], options: ClassifyOptions) => {
      if (files.length === 0) program.error('error: name at least one file', { exitCode: 2 });
      status = await classifyFiles(files, options);
    });
  addTrainCommand(program);
  addCheckCommand(program);
  addEvaluateCommand(program);
  addFitCommands(program);
  addDescribeCommand(program, (code) => (status = code));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has printed it
    if (!isAttuneError(error) && !isSystemError(error)) throw error;
    const said = isAttuneError(error) ? error.message : `${error.path ?? ''}: ${systemMessage(error)}`;
    process.stderr.write(`attune-classify: ${said}\n`);
    return 1;
  }
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}
