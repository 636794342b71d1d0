import type { Command } from 'commander';
import type { CliWorld } from '../../node/cli.ts';
import { parseWhole } from '../../node/request-options.ts';

/** Adds `states`: hidden states of the Transformer as columns for other learners. */
export function addStatesCommand(program: Command, world: CliWorld): void {
  program
    .command('states')
    .description('write what the Transformer makes of MIDI files, mean hidden states, as a table (CSV)')
    .argument('<paths...>', 'MIDI files, and folders of such')
    .requiredOption('--out <file>', 'CSV file to write: file, sha256, and a column a state')
    .option('--layers <list>', 'layers with commas, counted from 1 (default: the middle and the last)')
    .option('--windows <n>', 'windows of notes that are read of each file, from its start', '1')
    .option('--model <folder>', 'checkpoint of another Transformer than the shipped one')
    .addHelpText(
      'after',
      '\nThe table is for attune-classify train FOLDER --features FILE. Files are told again by their content, whatever their path.\n' +
        'Ctrl-C stops; nothing is written before the end.\n' +
        '\nExamples:\n  attune-generate states my-music --out states.csv\n  attune-generate states new/*.mid --layers 6 --out new-states.csv',
    )
    .action(async (paths: string[], options: StatesOptions) => {
      const terminal = world.createTerminal(false);
      // Loaded when asked for: tensors take longer to start than a piece takes to compose.
      const { statesCommand } = await import('./states-command.ts');
      const rows = await statesCommand(paths, {
        out: options.out,
        windows: parseWhole('windows', options.windows, 1, 1e6),
        ...(options.layers !== undefined && {
          layers: options.layers.split(',').map((text) => parseWhole('layers', text.trim(), 1, 1e3)),
        }),
        ...(options.model !== undefined && { model: options.model }),
        log: (line) => terminal.say(line),
        onProgress: terminal.progress,
        signal: world.signal,
      });
      terminal.clear();
      terminal.print(`${options.out}: ${rows} ${rows === 1 ? 'file' : 'files'}`);
    });
}

interface StatesOptions {
  readonly out: string;
  readonly layers?: string;
  readonly windows: string;
  readonly model?: string;
}
