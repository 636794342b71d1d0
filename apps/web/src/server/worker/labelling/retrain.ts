import type { CorrectedModel, Evaluation } from '@attune/classify';
import { correctModel, evaluate, writeStyleModel } from '@attune/classify';
import { AttuneError } from '@attune/core';
import type { TrackKind } from '../../../api/types.ts';
import { nameIn } from '../../../lib/same-label.ts';
import type { TaskContext } from '../tasks.ts';
import { readClassifier } from './classifiers.ts';
import type { LabellingTasks, TrainedClassifier, VersionInUse } from './protocol.ts';

/** The shipped model corrected by labelled pieces, with what that changes against the version in use. */
export function retrain(
  { kind, name, pieces, anchors, inUse, seed }: LabellingTasks['trainClassifier']['input'],
  context: TaskContext,
): TrainedClassifier {
  if (pieces.length === 0)
    throw new AttuneError('argument/invalid', 'Nothing was labelled yet that can be learned from.');
  const base = readClassifier(kind, null);
  const corrected = correctModel(
    base,
    pieces.map(({ id, label, rows }) => ({ piece: id, label: nameIn(base.labels, label), rows })),
    {
      name,
      anchors,
      seed,
      signal: context.signal,
      onProgress: (done, total) => context.onProgress({ stage: 'learning', done, total }),
    },
  );
  const report = reportOf(corrected, pieces.length, base.name, inUse);
  const files = writeStyleModel(corrected.model, {
    modelCard: cardOf(name, base.name, kind, report),
    metrics: [
      {
        pieces: report.pieces,
        judged: report.judged,
        ...prefixed('shipped', report.shipped ?? report.before),
        ...prefixed('before', report.before),
        ...prefixed('after', report.after),
      },
    ],
    training: { base: base.name, seed, pieces: pieces.length, anchors: anchors.length, l2: corrected.l2 },
  });
  return { files, report };
}

function prefixed(
  name: string,
  { accuracy, macroF1 }: { accuracy: number; macroF1: number },
): Record<string, number> {
  return { [`${name}Accuracy`]: accuracy, [`${name}MacroF1`]: macroF1 };
}

function reportOf(
  corrected: CorrectedModel,
  pieces: number,
  shipped: string,
  inUse: VersionInUse | null,
): TrainedClassifier['report'] {
  const { after, added, unjudged, l2, judged } = corrected;
  const before = inUse ? evaluateInUse(corrected, inUse) : corrected.before;
  const f1Of = ({ labels, classes }: Evaluation, label: string): number =>
    classes[labels.indexOf(label)]?.f1 ?? 0;
  const learned = inUse?.learned && new Set(inUse.learned);
  return {
    pieces,
    judged: after.items,
    added,
    unjudged,
    unchanged: l2 === null && added.length === 0,
    before: figuresOf(before),
    after: figuresOf(after),
    inUse: {
      version: inUse?.version ?? shipped,
      seen: !inUse ? 0 : learned ? judged.filter(({ piece }) => learned.has(piece)).length : null,
    },
    shipped: inUse ? figuresOf(corrected.before) : null,
    labels: after.labels.flatMap((label, k) => {
      const support = after.classes[k]!.support;
      return support === 0
        ? []
        : [{ label, pieces: support, before: f1Of(before, label), after: f1Of(after, label) }];
    }),
  };
}

function figuresOf({ accuracy, macroF1 }: Evaluation): { accuracy: number; macroF1: number } {
  return { accuracy, macroF1 };
}

/** What the version in use says of the same pieces. It may have labels that nobody gives any more. */
function evaluateInUse({ after, judged }: CorrectedModel, { said }: VersionInUse): Evaluation {
  const labels = new Set(after.labels);
  for (const { probabilities } of Object.values(said))
    for (const { label } of probabilities) labels.add(label);
  return evaluate(
    [...labels],
    judged.map(({ piece, truth }) => ({ truth, answer: said[piece]! })),
  );
}

function cardOf(
  name: string,
  base: string,
  kind: TrackKind,
  { pieces, judged, before, after, added, inUse, shipped }: TrainedClassifier['report'],
): string {
  const sides = [
    ...(shipped ? [{ title: `shipped (${base})`, figures: shipped }] : []),
    { title: `before (${inUse?.version ?? base})`, figures: before },
    { title: 'after', figures: after },
  ];
  const row = (title: string, cells: readonly string[]): string => `| ${title} | ${cells.join(' | ')} |`;
  const values = (figure: 'accuracy' | 'macroF1'): string[] =>
    sides.map(({ figures }) => figures[figure].toFixed(3));
  return [
    `# ${name}`,
    '',
    `${base} with what people of this installation said of ${pieces} pieces of ${kind === 'score' ? 'notes' : 'sound'}, without the data that it was trained on.`,
    ...(added.length > 0 ? [`Labels added by examples: ${added.join(', ')}.`] : []),
    '',
    row(
      `on ${judged} labelled pieces, each held out of the model after`,
      sides.map(({ title }) => title),
    ),
    `|${'---|'.repeat(sides.length + 1)}`,
    row('accuracy', values('accuracy')),
    row('macro-F1', values('macroF1')),
    '',
    ...(inUse?.seen === 0
      ? []
      : [`The version before had learned from ${inUse?.seen ?? 'an unknown number'} of these pieces.`, '']),
    'People label what looked wrong to them: these pieces are not a fair sample, and the figure before is lower on them than elsewhere.',
    '',
  ].join('\n');
}
