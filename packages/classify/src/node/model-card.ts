import type { JsonObject } from '@attune/core/nn';
import { formatEvaluation, type Evaluation } from '../evaluation.ts';
import type { CandidateResult } from '../model/choose-team.ts';
import type { SoundNet } from '../sound/sound-net.ts';
import type { Rejection } from './strangers.ts';
import type { AudioRun } from './train-audio.ts';
import type { DrumRun } from './train-drums.ts';
import type { SymbolicRun } from './train-symbolic.ts';

const GROOVE =
  '| Groove MIDI Dataset | CC BY 4.0 | Gillick, Roberts, Engel, Eck, Bamman, "Learning to Groove with Inverse Sequence Transformations", ICML 2019 |';

const SETS = `| set | licence | credit |
|---|---|---|
| OpenScore Lieder | CC0 1.0 | OpenScore |
| OpenScore String Quartets | CC0 1.0 | OpenScore |
| Mutopia Project, public-domain and CC BY pieces | Public Domain, CC BY 2.5 / 3.0 / 4.0 by piece | the typesetters of the Mutopia Project, www.mutopiaproject.org |
| OpenEWLD | scores intended public domain, genre labels CC0, rest MIT | the authors of OpenEWLD |
${GROOVE}
| Freedoom game music | BSD 3-clause, © the Freedoom contributors | the Freedoom contributors |
| Folk tunes (O'Neill 1903, Ryan 1883, Aird 1778–1801) | tunes in the public domain; the encodings carry no explicit licence | the encoders of the ABC files |`;

const SPLIT =
  "By group (near-duplicates share a group) and hash: a tenth of the groups is test, a tenth validation, the rest train. Learner, temperature and thresholds were chosen without the test tenth; earlier models' test figures were seen during development, and some of the choices that were compared followed from them, so the test rows are not fully untouched.";

/** The card of a model of notes, as Markdown. */
export function symbolicModelCard(run: SymbolicRun): string {
  return `# ${run.model.name}

Style of a score: ${run.model.labels.length} labels (${run.model.labels.join(', ')}), from ${run.model.features.length} named symbolic features (\`SYMBOLIC_FEATURES\` of \`@attune/core/features\`).
Chosen on validation: ${describe(run)}.

## Data
${SETS}

${
  run.arranged > 0
    ? `${run.arranged} of the pieces were made for the purpose: the lead sheets of OpenEWLD arranged by our own rules as pop, rock, jazz, latin, funk and electronic, drummed by performances of Groove where it has the style.

`
    : ''
}A label is the set's own: Mutopia's style, the first style of a Groove performance, the style of an arrangement, else the set itself. ${SPLIT} Learner, temperature, abstention threshold and outlier limit go by the validation tenth.
Rows: ${rows(run.rows)}. Training pieces also give excerpts of 8, 16 or 32 bars with varied tempo, velocity, register and instruments, because pieces to be judged are often short and because tempo, velocity and instrument tell the data set as much as the style. Pieces weigh the same however many rows they give; classes are brought together by size^−${run.settings.balance}, or by the balance in the learner's name. Seed ${run.settings.seed}.

## Results: whole pieces of the test tenth
${formatEvaluation(run.pieces)}

## Results: 16-bar excerpts of the test pieces that are longer
${formatEvaluation(run.excerpts)}

${candidates(run.candidates)}

## When it gives no label
It is unsure when its calibrated probability is below ${run.model.threshold.toFixed(3)} (on validation ${100 * run.settings.risk} % of the answers from there on were wrong), or when the features lie farther from every class than ${100 * run.settings.familiar} % of the validation rows (Mahalanobis distance).

${refusal(run.rejection)}

## Limits
- Some labels are nearly those of a data set (art-song, standards, folk, game, string-quartet), so these figures say how well sets are told apart as much as styles; on music from elsewhere expect less.
- ragtime, march and renaissance have few pieces; their figures rest on a handful of test items. Groups go by a piece's opening, so parts of one work can fall on both sides: all test marches are parts of one work of which two other parts are trained on (docs/measurements/classify.md has the figures without such pieces).
- Romantic and classical piano music are often taken for one another.
${run.arranged > 0 ? '- pop, rock, jazz, latin, funk and electronic are arrangements by our own rules: the figures say that these rules are told apart, not how recordings or transcriptions of such music would be heard.\n' : ''}- It knows nothing of styles outside the list (metal, gospel, …); the outlier check catches only what looks different in its features.
`;
}

/** The card of a model of sound, as Markdown. */
export function audioModelCard(run: AudioRun): string {
  return `# ${run.model.name}

Style of a sound: ${run.model.labels.length} labels (${run.model.labels.join(', ')}), from windows of 10 s, averaged. A window is heard at 16 kHz, levelled, and masked with white noise 25 dB below; its ${run.model.features.length - (run.model.net?.classes ?? 0)} measured features are \`AUDIO_STYLE_FEATURES\`${run.model.net ? ', and a convolutional net listens to its log-mel power' : ''}.
Chosen: ${describe(run)}.${run.model.net ? netOf(run.model.net) : ''}

## Data
300 clips of up to 10 s, rendered with FluidSynth and the FluidR3 GM SoundFont (MIT) from pieces of these sets:

${SETS}

The split of a clip is that of the piece it was rendered from. ${SPLIT} Learner, temperature, abstention threshold and outlier limit go by a 6-fold cross-validation, by group, over the train and validation parts together (the validation tenth alone has 34 clips); the chosen learner was then trained on both parts.
Rows: ${rows(run.rows)}. Each of these clips also gives ${run.settings.copies} changed copies (one through MP3 at 48 to 128 kbit/s; the others a part of 4–10 s, noise 3–35 dB below from white to red, the highs cut off, a tilted spectrum), and each label ${run.settings.rendered} clips of 8 s (the drum styles, which are hardest to tell apart, three times as many), as they are and varied, that our own synthesiser plays (FluidR3Mono, MIT) from pieces outside the test tenth; folk, hymn and jazz-standard with random instruments, as in the set. Copies and rendered clips are learned from, never judged. ${run.settings.strangers} made-up sounds of no label are learned too. Seed ${run.settings.seed}.

## Results: cross-validation over the clips of train and validation
${formatEvaluation(run.crossValidated)}

Temperature, threshold and limit were fitted on these same answers, so calibration and risk are a little better here than on new clips. Learners were chosen by these clips and by the same clips after the changes below.

${changesTable(run.crossValidatedChanged)}

## Results: test clips
${formatEvaluation(run.clips)}

${changesTable(run.changed)}

${candidates(run.candidates)}

## When it gives no label
It is unsure when its calibrated probability is below ${run.model.threshold.toFixed(3)} (in the cross-validation ${100 * run.settings.risk} % of the answers from there on were wrong), when it takes the sound for one of the made-up noises, sines, sweeps and clicks that it also learned from, or when the features lie farther from every class than ${100 * run.settings.familiar} % of the judged clips (Mahalanobis distance).

${refusal(run.rejection)}

## Limits
- All clips are synthetic and from one SoundFont: these figures do not carry over to recordings, for which nothing is claimed.
- About 45 test clips, 11 of which are single band parts of one march ("The Fairest of the Fair"; two clips of other parts are trained on): the test figures hang on that work. The cross-validation rests on more pieces.
- The drum styles are taken for one another: ten seconds of a drum kit say little about its style.
`;
}

export function drumModelCard(run: DrumRun): string {
  return `# ${run.model.name}

Style of the drums of a score: ${run.model.labels.length} labels (${run.model.labels.join(', ')}), from ${run.model.features.length} named features of the strokes (\`DRUM_STYLE_FEATURES\` of \`@attune/classify\`). What else plays is not looked at.
Chosen on validation: ${describe(run)}.

## Data
| set | licence | credit |
|---|---|---|
${GROOVE}

Learned from the official train part, chosen on the official validation part; the official test part was not at hand. A label is the first style of a take. ${rows(run.rows)} takes; classes are brought together by size^−${run.settings.balance}, or by the balance in the learner's name. Seed ${run.settings.seed}.

## Results: validation takes
Learners, temperature and thresholds were chosen on these same takes, so the figures lean to the bright side. Takes of one session share their tempo exactly, and some fall on both sides of the official split: without tempo accuracy is about 7 points lower (docs/measurements/classify.md, C3).

${formatEvaluation(run.validation)}

${candidates(run.candidates)}

## When it gives no label
It is unsure when its calibrated probability is below ${run.model.threshold.toFixed(3)} (on validation ${100 * run.settings.risk} % of the answers from there on were wrong), or when the features lie farther from every class than ${100 * run.settings.familiar} % of the validation takes (Mahalanobis distance).

${refusal(run.rejection)}

## Limits
- Ten drummers on one electronic kit, mostly in 4/4: on written or programmed drums, which keep the grid and have few velocities, expect less and more often no label.
- Rock makes a quarter of the takes; several styles have fewer than ten to learn from, and their figures rest on one or two takes.
- Fills of a bar or two say little about a style.
`;
}

/** One object a line of metrics.jsonl. */
export function metricsOf(evaluations: Readonly<Record<string, Evaluation>>): JsonObject[] {
  return Object.entries(evaluations).map(([on, e]) => ({
    on,
    items: e.items,
    accuracy: e.accuracy,
    macroF1: e.macroF1,
    balancedAccuracy: e.balancedAccuracy,
    calibrationError: e.calibrationError,
    logLoss: e.logLoss,
    areaUnderRiskCoverage: e.areaUnderRiskCoverage,
    coverage: e.coverage,
    risk: e.risk,
    majorityAccuracy: e.majority.accuracy,
    majorityMacroF1: e.majority.macroF1,
  }));
}

/** Accuracy, macro-F1 and share answered after each change, as Markdown. */
export function changesTable(byChange: Readonly<Record<string, Evaluation>>): string {
  const rows = Object.entries(byChange).map(
    ([name, e]) =>
      `| ${name} | ${e.accuracy.toFixed(3)} | ${e.macroF1.toFixed(3)} | ${e.coverage.toFixed(3)} |`,
  );
  return ['| the same clips after | accuracy | macro-F1 | answered |', '|---|---|---|---|', ...rows].join(
    '\n',
  );
}

function netOf(net: SoundNet): string {
  const layers = net.convolutions
    .map(({ taps, strides, channels }) => `${taps.join('×')} over ${strides.join('×')} to ${channels}`)
    .join(', ');
  return ` The net: convolutions (frames × bands) ${layers}, mean and deviation over time, one linear layer; it learned from windows to which noise from white to red was added 3–30 dB below, with bent spectra, cut highs, other tempos and masked bands and frames.`;
}

function describe({ candidates }: { readonly candidates: readonly CandidateResult[] }): string {
  return candidates.reduce((a, b) => (b.loss < a.loss ? b : a)).name;
}

function candidates(results: readonly CandidateResult[]): string {
  return [
    '## Learners compared',
    'On the rows that choices go by, never the test tenth.',
    '',
    '| learner | class-balanced log loss | accuracy | temperature |',
    '|---|---|---|---|',
    ...results.map(
      ({ name, loss, accuracy, temperature }) =>
        `| ${name} | ${loss.toFixed(4)} | ${accuracy.toFixed(4)} | ${temperature.toFixed(3)} |`,
    ),
  ].join('\n');
}

function rows(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}

/** One sentence for the card and the terminal. */
export function refusal({ strangers, refused, areaUnderRoc }: Rejection): string {
  return `Of ${strangers} made-up inputs that are no music of this world ${(100 * refused).toFixed(0)} % get no label; area under ROC of the strangeness against the test items ${areaUnderRoc.toFixed(3)}.`;
}
