import { isStyle } from '@attune/core/style';
import { findDataDir } from '@attune/core/node';
import type { Split } from '@attune/core/node';
import { Option } from 'commander';
import type { Command } from 'commander';
import { CONTROLS } from '../evaluate/control.ts';
import { FORM_MEASURES } from '../evaluate/form.ts';
import { FAMILY_NAMES } from '../family/model-family.ts';
import { evaluateFamily, isFamilyName } from '../family/node/family-commands.ts';
import type { NoteModel } from '../evaluate/note-model.ts';
import type { Told } from '../transformer/note-model.ts';
import type { CliWorld } from './cli.ts';
import { requireDataDir } from './data-option.ts';
import { evaluateCompositions, natsByStyle, readHeldOut, trainBaseline } from './evaluate-command.ts';
import type { CompositionReport, HeldOut, NatsRow } from './evaluate-command.ts';
import type { CorpusPiece } from './corpus.ts';
import { parseWhole } from './request-options.ts';
import { formatTable } from './terminal.ts';
import type { Terminal } from './terminal.ts';

interface EvaluateOptions {
  readonly test?: string;
  readonly split: Split;
  readonly data?: string;
  readonly limit?: string;
  readonly baseline?: boolean;
  readonly model?: boolean | string;
  readonly checkpoint?: string;
  readonly told: Told;
  readonly compose: string;
  readonly bars: string;
  readonly seed: string;
  readonly json?: boolean;
}

/** Adds `evaluate`: nats a note by style, and what composed pieces are like. */
export function addEvaluateCommand(program: Command, world: CliWorld): void {
  program
    .command('evaluate')
    .description('nats a note on held-out pieces by style, and how composed pieces compare')
    .option('--test <path>', 'a set folder, or a folder of set folders, to evaluate on')
    .addOption(
      new Option('--split <part>', 'without --test: the part of our own data')
        .choices(['validation', 'test'])
        .default('test'),
    )
    .option('--data <folder>', 'folder of the training sets (default: ATTUNE_DATA_DIR or ../shared/data)')
    .option('--limit <n>', 'at most n pieces a set')
    .option('--baseline', 'train the interpolated n-gram on the training part and print it beside the model')
    .option(
      '--model <name>',
      `checkpoint folder of a composer (default: the shipped one), or a kind of model: ${FAMILY_NAMES.join(', ')}`,
    )
    .option('--checkpoint <folder>', 'with a kind of model: its checkpoint folder (default: the shipped one)')
    .option('--no-model', 'leave the model out: the baseline alone, or composed pieces alone')
    .addOption(
      new Option('--told <what>', 'what the model is told of each piece; the baseline is told the style')
        .choices(['nothing', 'style', 'all'])
        .default('style'),
    )
    .option('--compose <n>', 'compose n pieces a style and judge them', '0')
    .option('--bars <n>', 'bars of a composed piece', '16')
    .option('--seed <n>', 'first seed of the composed pieces', '1')
    .option('--json', 'print one JSON object')
    .action(async (options: EvaluateOptions) => evaluate(options, world));
}

async function evaluate(options: EvaluateOptions, world: CliWorld): Promise<void> {
  if (typeof options.model === 'string' && isFamilyName(options.model)) {
    const { checkpoint, data, test, limit } = options;
    await evaluateFamily(
      options.model,
      {
        ...(checkpoint !== undefined && { model: checkpoint }),
        ...(data !== undefined && { data }),
        ...(test !== undefined && { test }),
        ...(limit !== undefined && { limit: parseWhole('limit', limit, 1, 1e6) }),
        seed: parseWhole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER),
        json: options.json ?? false,
        signal: world.signal,
      },
      world,
    );
    return;
  }
  const terminal = world.createTerminal(options.json ?? false);
  const heldOut: HeldOut = {
    split: options.split,
    data: options.data ?? findDataDir(),
    ...(options.test !== undefined && { test: options.test }),
    ...(options.limit !== undefined && { limit: parseWhole('limit', options.limit, 1, 1e6) }),
  };
  const pieces = readHeldOut(heldOut, terminal);
  const models: NoteModel[] = [];
  if (options.baseline) models.push(trainBaseline(requireDataDir(options.data), terminal));
  if (options.model !== false)
    models.push(await world.loadNoteModel(options.told, options.model === true ? undefined : options.model));
  const rows = models.length > 0 ? await natsByStyle(models, pieces) : [];
  const count = parseWhole('compose', options.compose, 0, 10_000);
  const reports = count > 0 ? await composeForStyles(count, options, pieces, world, terminal) : [];
  if (options.json) {
    terminal.print(
      JSON.stringify({ models: models.map(({ name }) => name), nats: rows, compositions: reports }),
    );
    return;
  }
  if (rows.length > 0) terminal.print(natsTable(models, rows));
  for (const text of compositionTables(reports)) terminal.print(text);
}

async function composeForStyles(
  count: number,
  options: EvaluateOptions,
  pieces: readonly CorpusPiece[],
  world: CliWorld,
  terminal: Terminal,
): Promise<CompositionReport[]> {
  const [generator, index] = await Promise.all([world.loadGenerator(), world.loadOriginality()]);
  const styles = [...new Set(pieces.flatMap(({ style }) => (style ? [style] : [])))].filter(isStyle).sort();
  const reports: CompositionReport[] = [];
  for (const style of styles) {
    terminal.progress({ done: reports.length, total: styles.length, stage: `composing ${style}` });
    reports.push(
      await evaluateCompositions({
        generator,
        originality: index,
        real: pieces.filter((piece) => piece.style === style),
        style,
        pieces: count,
        bars: parseWhole('bars', options.bars, 1, 256),
        seed: parseWhole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER - count),
        now: () => performance.now(),
        signal: world.signal,
      }),
    );
  }
  terminal.clear();
  return reports;
}

function natsTable(models: readonly NoteModel[], rows: readonly NatsRow[]): string {
  const header = ['nats a note', 'notes', ...models.map(({ name }) => name)];
  return formatTable(
    header,
    rows.map(({ style, notes, nats }) => [style, String(notes), ...nats.map((value) => value.toFixed(3))]),
  );
}

function compositionTables(reports: readonly CompositionReport[]): string[] {
  if (reports.length === 0) return [];
  const share = (x: number): string => (Number.isNaN(x) ? '–' : x.toFixed(2));
  const asked = CONTROLS.filter((control) => reports.some((report) => report.controls[control].asked > 0));
  const controls = formatTable(
    ['composed', 'pieces', ...asked, 'craft', 'originality', 'over floor', 's/piece'],
    reports.map((report) => [
      report.style,
      String(report.pieces),
      ...asked.map((control) => share(report.controls[control].share)),
      share(report.wellFormedness),
      share(report.originality),
      String(report.overFloor),
      report.secondsPerPiece.toFixed(1),
    ]),
  );
  const form = formatTable(
    ['form (real)', ...FORM_MEASURES],
    reports.map(({ style, form: { generated, real } }) => [
      style,
      ...FORM_MEASURES.map((name) => `${share(generated[name])} (${share(real[name])})`),
    ]),
  );
  const withRows = reports.filter(({ distributions }) => distributions);
  if (withRows.length === 0) return [controls, form];
  const features = withRows[0]!.distributions!.map(({ feature }) => feature);
  const distances = formatTable(
    ['overlap (floor)', ...features],
    withRows.map(({ style, distributions }) => [
      style,
      ...distributions!.map(
        ({ generated, floor }) => `${share(generated.overlap)} (${share(floor.overlap)})`,
      ),
    ]),
  );
  return [controls, form, distances];
}
