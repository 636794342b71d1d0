import { readCheckpoint } from '@attune/core/nn';
import { readCheckpointFolder } from '@attune/core/node';
import { readFileSync } from 'node:fs';
import { UNIFORM_SHARE } from '../note-model.ts';
import { parseTransformerConfig, TRANSFORMER_KIND, type TransformerConfig } from '../config.ts';

/** What `attune-generate evaluate --json` prints, as far as the card shows it. */
export interface EvaluationFile {
  readonly models: readonly string[];
  readonly nats: readonly {
    readonly style: string;
    readonly notes: number;
    readonly nats: readonly number[];
  }[];
}

const SETS = `| set | licence and credit |
|---|---|
| openscore-lieder | CC0 1.0 (OpenScore Lieder Corpus; Gotham & Jonas 2021) |
| openscore-quartets | CC0 1.0 (OpenScore String Quartets; Gotham, Redbond, Bower & Jonas 2023) |
| mutopia | Public Domain, or CC BY 2.5, 3.0 and 4.0 piece by piece (Mutopia Project). The CC BY pieces were typeset by the maintainers that their source files name, in github.com/MutopiaProject/MutopiaProject under \`ftp/\`: credit is theirs |
| openewld | scores intended as public domain, genre labels CC0, the rest MIT (OpenEWLD; Simonetta, Carnovalini, Orio & Rodà 2018) |
| groove | CC BY 4.0 (Groove MIDI Dataset, Google Magenta; Gillick, Roberts, Engel, Eck & Bamman, "Learning to Groove with Inverse Sequence Transformations", ICML 2019) |
| freedoom-game | BSD 3-clause: Copyright (c) 2001-2024 Contributors to the Freedoom project; (c) 2024 Contributors to the Blasphemer project |
| folk-tunes | public-domain tunes (O'Neill, Ryan, Aird); the encodings, distributed in music21's corpus with the permission of their encoders, carry no explicit licence |`;

const LIMITS = `- Trained for some hours of two shared CPU cores in all. Small by the standards of models trained on GPUs: it holds
  key, meter, texture and figuration well, and themes and long form poorly. Now and then a long piece settles on one chord or
  bar; \`wellFormedness\` notices, and composing several candidates helps.
- pop, rock, jazz, latin, funk and electronic are learned from arrangements of lead sheets by written rules, with recorded
  drummers: the bands play a small stock of patterns, and nothing there was played by a band.
- Styles with little music (6 marches, 13 rags, 39 renaissance pieces, 72 hymns in training) are learned thinly.
- Key and density are kept by steering while composing, not by the network alone. Energy and valence are followed through
  tempo, density and mode; tension hardly.
- Scores of most sets have no performed dynamics or timing, and velocities there are nearly constant; only drums swing. What
  performers add is a step of its own (\`performScore\`).
- "standards" are lead sheets: melody and block chords. "game" is many-voiced and the least sure.
- One tempo and one meter a piece. Onsets lie on a grid of 24 steps a quarter, lengths on 44 values, velocities on 8.
- Mostly European music of 1500–1930. It says little about other music.
- Nats depend on the grid and on what a model is told; they compare only within the table above.`;

/** The card of a checkpoint, its figures from evaluation files. */
export function modelCard(config: TransformerConfig, evaluations: readonly EvaluationFile[]): string {
  const { shape, training } = config;
  const plan = training['plan'] as Record<string, unknown> | undefined;
  const from = training['from'] as string | undefined;
  const vary = (plan?.['excerpts'] as { vary?: number } | undefined)?.vary;
  return `# ${config.version}: a composer of multi-instrument music

A decoder-only Transformer over compound notes: each step predicts the bar, position, instrument, pitch, length and
velocity of one note, field by field, so that the probability of a note is exact. ${shape.layers} layers, width
${shape.width}, ${shape.heads} heads, window ${shape.window} notes. Weights in half precision; under 10 MB. It is
conditioned on style, mode, tempo, meter, instruments, note density, energy, valence, tension and the bars that
remain, any of which may be left open. Pieces are learned in C major or A minor and transposed afterwards.${abilityText(config)}

## Made for
Composing sketches of ${Object.keys(config.priors).length} styles in Attune, from a wish or from a listener's taste.

## Training data
${SETS}

${madeText(config)}${String(training['pieces'])} pieces${vary ? `, each heard for other instruments at another tempo in ${Math.round(100 * vary)} % of the draws` : ''}; ${String(training['notes'])} notes. Split by the index files' \`group\` column
(\`splitOf\` in \`@attune/core/node\`): a tenth of the groups for test, a tenth for validation, neither trained on. No
other data, no weights from elsewhere.

## Training
\`attune-generate train${from ? ` --from ${from}` : ''}\` with seed ${String(training['seed'])}: ${String(training['steps'])} updates of
${String(plan?.['rows'])} × ${shape.window} notes in ${String(training['minutes'])} minutes
(${String(training['cpuMinutes'])} CPU minutes) on two shared CPU cores, tfjs-node; Muon on the trunk's matrices, AdamW on
the rest, peak rate ${String(plan?.['learningRate'])}. A style is drawn in proportion to (its notes)^${String(plan?.['balance'])}. The
weights kept are those of the best validation score, ${String(training['validation'])} nats a note on a fixed subset.
The learning rate followed the clock, so a repetition gives a model as good and not the same; \`--steps\` repeats exactly.
\`metrics.jsonl\` holds the course.

## Results
Nats a note (the sum over a note's fields, closing steps charged; lower is better) of whole held-out pieces of our test
tenth, in windows that overlap by half, beside an interpolated Kneser–Ney n-gram over the same encoding and split.
Each field is mixed with ${UNIFORM_SHARE} of a uniform distribution, a share chosen on validation, so that an instrument
never met in a style has a bounded cost. A transformer told nothing sees notes only; told style, the
style label; told all, every wish and the bars that remain. The n-gram is told the style.

${natsTable(evaluations)}

At most 6,000 notes a style where \`npm run evaluate -- generate\` measured them (arranged styles on held-out arrangements); whole
sets by \`attune-generate evaluate --baseline --told style --json\` (and \`nothing\`, \`all\`), then \`attune-generate model-card\`.
How composed pieces keep to their wishes, how like real music they are and how far from the training pieces:
\`npm run evaluate -- generate\`, with its figures in \`docs/measurements/composing.md\`.

## Limits
${LIMITS}
`;
}

function abilityText({ abilities = [] }: TransformerConfig): string {
  const tasks = abilities.includes('tasks')
    ? ' It also writes beside given notes: fills a gap, accompanies, re-orchestrates, varies.'
    : '';
  const form = abilities.includes('form') ? ' It can be told the form: sections that return.' : '';
  return tasks + form;
}

/** Pieces that were made, not collected: arrangements. */
function madeText({ training }: TransformerConfig): string {
  const made = training['made'] as number | undefined;
  if (!made) return '';
  return `${made} arrangements of openewld's lead sheets in six styles (\`attune-generate arrange\`: rules written here, drummers of groove), each weighing ${String((training['plan'] as { madeWeight?: number } | undefined)?.madeWeight ?? 1)} of a collected piece. With them `;
}

/** One row a style; a column for each model, each model once. */
function natsTable(evaluations: readonly EvaluationFile[]): string {
  const columns: { name: string; nats: Map<string, number> }[] = [];
  const notes = new Map<string, number>();
  for (const { models, nats } of evaluations) {
    models.forEach((name, i) => {
      if (columns.some((column) => column.name === name)) return;
      columns.push({ name, nats: new Map(nats.map((row) => [row.style, row.nats[i]!])) });
    });
    for (const row of nats) notes.set(row.style, row.notes);
  }
  if (columns.length === 0) return '(not evaluated yet)';
  const lines = [...notes].map(([style, count]) => {
    const cells = columns.map(({ nats }) => nats.get(style)?.toFixed(3) ?? '–');
    return `| ${style} | ${count} | ${cells.join(' | ')} |`;
  });
  return [
    `| style | notes | ${columns.map(({ name }) => name).join(' | ')} |`,
    `|---|${'---:|'.repeat(columns.length + 1)}`,
    ...lines,
  ].join('\n');
}

/** `attune-generate model-card`: the card of a checkpoint folder with the figures of evaluation files. */
export function modelCardOf(folder: string, evaluationFiles: readonly string[]): string {
  const { config } = readCheckpoint(readCheckpointFolder(folder), { kind: TRANSFORMER_KIND });
  const evaluations = evaluationFiles.map((file) => JSON.parse(readFileSync(file, 'utf8')) as EvaluationFile);
  return modelCard(parseTransformerConfig(config), evaluations);
}
