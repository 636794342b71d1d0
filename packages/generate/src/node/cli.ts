import { isAttuneError } from '@attune/core';
import { STYLES } from '@attune/core/style';
import { Command, CommanderError } from 'commander';
import { randomInt } from 'node:crypto';
import { composeCommand } from './compose-command.ts';
import type { ArrangeCommandOptions } from '../arrangement/node/arrange-command.ts';
import { ARRANGED_STYLES } from '../arrangement/style-rules.ts';
import { RULE_NAMES } from '../performance/rules.ts';
import type { PerformCommandOptions } from '../performance/node/perform-command.ts';
import type { ComposeOptions, ComposeWorld } from './compose-command.ts';
import { addFamilyCommands } from '../family/node/family-commands.ts';
import { addEvaluateCommand } from './evaluate-cli.ts';
import { addMaintenanceCommands } from './maintenance-cli.ts';
import { createTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import type { NoteModel } from '../evaluate/note-model.ts';
import type { Told } from '../transformer/note-model.ts';
import { SHIPPED_ORIGINALITY, loadOriginalityIndex } from './originality-folder.ts';
import { PRECISIONS } from '../transformer/decoder.ts';
import { loadShippedGenerator } from '../transformer/node/shipped-generator.ts';
import { addStatesCommand } from '../transformer/node/states-cli.ts';
import { existsSync } from 'node:fs';

const EXAMPLES = `
Examples:
  attune-generate --style ragtime --key C --bars 16 --seed 7 -o out.mid
  attune-generate --style string-quartet --key "A minor" --meter 3/4 --tempo 72 -o quartet.mp3
  attune-generate --instruments "piano, violin, 42, drums" --energy 0.8 --candidates 4 -o best.wav
  attune-generate --continue song.mid --bars 8 -o longer.mid
  attune-generate --infill song.mid --bars 5-8 -o filled.mid
  attune-generate --accompany tune.mid --instruments "piano, 42" -o trio.mid
  attune-generate --style folk --bars 32 --json > made.json
  attune-generate styles

What is not asked for is drawn from what the model learned. The same options, seed and model give the same notes.
The file appears whole or not at all. Styles: ${STYLES.join(', ')}.

Exit status: 0 done, 1 it could not be done, 2 wrong usage, 130 cancelled with Ctrl-C.`;

/** Codes of faults that lie in what was typed. */
const USAGE_CODES = new Set(['argument/invalid']);
const CANCELLED = 130;

/** The world of the command line; tests replace parts of it. */
export interface CliWorld {
  readonly createTerminal: (quiet: boolean) => Terminal;
  readonly loadGenerator: ComposeWorld['loadGenerator'];
  readonly loadOriginality: ComposeWorld['loadOriginality'];
  /** The model of a checkpoint folder (default: the shipped one) as a note model. */
  readonly loadNoteModel: (told: Told, folder: string | undefined) => Promise<NoteModel>;
  readonly signal: AbortSignal;
}

/** The command line `attune-generate`; `argv` without node and script. Resolves to the exit status. */
export async function main(argv: readonly string[], world?: Partial<CliWorld>): Promise<number> {
  const cancel = new AbortController();
  const onInterrupt = (): void => cancel.abort();
  if (!world?.signal) process.once('SIGINT', onInterrupt);
  const full: CliWorld = {
    createTerminal,
    loadGenerator: loadShippedGenerator,
    loadOriginality: () =>
      existsSync(SHIPPED_ORIGINALITY) ? loadOriginalityIndex() : Promise.resolve(undefined),
    loadNoteModel: async (told, folder) => {
      // Loaded when asked for: tensors take longer to start than a piece takes to compose.
      const { loadTransformerNoteModel } = await import('../transformer/node/shipped-note-model.ts');
      return loadTransformerNoteModel({ told, ...(folder !== undefined && { folder }) });
    },
    signal: cancel.signal,
    ...world,
  };
  const terminal = full.createTerminal(false);
  try {
    await createProgram(full).parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has printed it
    if (!isAttuneError(error)) throw error;
    terminal.clear();
    if (error.code === 'cancelled') {
      terminal.say(error.place['kept'] === undefined ? 'Cancelled; nothing was written.' : error.message);
      return CANCELLED;
    }
    terminal.say(`attune-generate: ${error.message}`);
    return USAGE_CODES.has(error.code) ? 2 : 1;
  } finally {
    process.removeListener('SIGINT', onInterrupt);
  }
}

/** The commands and their options; throws `CommanderError` instead of leaving the process. */
export function createProgram(world: CliWorld): Command {
  const program = new Command('attune-generate')
    .description('Composes a piece of music and writes it as MIDI, WAV or MP3.')
    .option(
      '-o, --output <file>',
      'file to write: .mid, .musicxml, .wav or .mp3 (default: attune-STYLE-SEED.mid)',
    )
    .option('--style <name>', 'style, for example ragtime')
    .option('--key <key>', 'key, for example C, F#, "Bb major", "A minor"')
    .option('--mode <mode>', 'major or minor')
    .option('--tempo <bpm>', 'quarter notes a minute, 10 to 400')
    .option('--meter <meter>', 'meter, for example 3/4')
    .option('--instruments <list>', 'General MIDI names or numbers with commas; drums is 128')
    .option('--density <n>', 'notes a quarter, all instruments together')
    .option('--range <low-high>', 'lowest and highest pitch of all but drums, for example C3-C6 or 48-84')
    .option('--energy <x>', 'calm 0 to 1 lively')
    .option('--valence <x>', 'dark 0 to 1 bright')
    .option('--tension <x>', 'relaxed 0 to 1 tense')
    .option('--form <letters>', 'sections, for example AABA; with a model that knows them')
    .option(
      '--bars <n>',
      'bars to compose, 1 to 256 (default: 16); with --infill the bars to fill, FIRST-LAST',
    )
    .option('--seed <n>', 'whole number; the same one gives the same piece (default: a new one)')
    .option('--temperature <x>', 'above 0; lower is safer, higher is bolder')
    .option('--top-p <x>', 'keep the likeliest choices that have this probability together')
    .option('--continue <file>', 'MIDI file to go on from')
    .option('--infill <file>', 'MIDI file of which --bars are written anew, given what stands on both sides')
    .option('--accompany <file>', 'MIDI file to which the --instruments are added')
    .option('--reorchestrate <file>', 'MIDI file that is set for the --instruments')
    .option('--vary <file>', 'MIDI file of which a share is kept and the rest written anew')
    .option('--keep <share>', 'with --vary: share that is kept, above 0 and below 1 (default: 0.7)')
    .option('--unit <unit>', 'with --vary: whole bars or notes are kept (default: bars)')
    .option('--candidates <n>', 'compose n pieces and keep the best by originality and craft', '1')
    .option('--precision <name>', `weights in memory: ${PRECISIONS.join(' or ')}; int8 is faster`, 'float32')
    .option('--perform', 'play it as musicians would: dynamics, phrasing, swing, a ritard (see perform)')
    .option('--json', 'print what was made as one JSON object')
    .option('-q, --quiet', 'print nothing but the result')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(attune-generate --help lists the options)')
    .exitOverride()
    .enablePositionalOptions()
    .allowExcessArguments(false)
    .action(async (options: ComposeOptions & { quiet?: boolean }) => {
      await composeCommand(options, {
        terminal: world.createTerminal(options.quiet ?? false),
        loadGenerator: world.loadGenerator,
        loadOriginality: world.loadOriginality,
        newSeed: () => randomInt(2 ** 31),
        signal: world.signal,
      });
    });
  program
    .command('styles')
    .description('list the styles that the model knows')
    .action(async () => {
      const { info } = await world.loadGenerator();
      const terminal = world.createTerminal(false);
      for (const style of info.styles) terminal.print(style);
    });
  program
    .command('arrange')
    .description("write a band around a MIDI file's melody and chords, by the textbook rules of a style")
    .argument('<file>', 'MIDI file')
    .requiredOption('--style <name>', ARRANGED_STYLES.join(', '))
    .option('-o, --output <file>', 'file to write: .mid, .musicxml, .wav or .mp3 (default: NAME-STYLE.mid)')
    .option('--seed <n>', 'whole number; another one gives another arrangement', '1')
    .option('--perform', 'play it as musicians would')
    .action(async (file: string, options: ArrangeCommandOptions) => {
      const terminal = world.createTerminal(false);
      const { arrangeCommand } = await import('../arrangement/node/arrange-command.ts');
      const written = await arrangeCommand(file, {
        ...options,
        onProgress: terminal.progress,
        signal: world.signal,
      });
      terminal.clear();
      terminal.print(written);
    });
  program
    .command('perform')
    .description('play a written MIDI file as musicians would: dynamics, accents, phrasing, swing, a ritard')
    .argument('<file>', 'MIDI file')
    .option('-o, --output <file>', 'file to write: .mid, .musicxml, .wav or .mp3 (default: NAME-played.mid)')
    .option('--style <name>', 'style: whether eighths swing, and which drummers play')
    .option('--seed <n>', 'whole number, for the differences that nobody intends', '1')
    .option('--rule <name=k...>', `how much of a rule: 0 off, 1 usual; ${RULE_NAMES.join(', ')}`)
    .action(async (file: string, options: PerformCommandOptions) => {
      const terminal = world.createTerminal(false);
      const { performCommand } = await import('../performance/node/perform-command.ts');
      const written = await performCommand(file, {
        ...options,
        onProgress: terminal.progress,
        signal: world.signal,
      });
      terminal.clear();
      terminal.print(written);
    });
  addFamilyCommands(program, world);
  addEvaluateCommand(program, world);
  addStatesCommand(program, world);
  addMaintenanceCommands(program, world);
  return program;
}
