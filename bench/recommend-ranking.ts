import { parseArgs } from 'node:util';
import { measureAccuracy, measureGrids } from './recommend-ranking/accuracy.ts';
import { measureColdStart } from './recommend-ranking/content.ts';
import { measureMoods, measureReasons } from './recommend-ranking/moods.ts';
import { measurePrivacy } from './recommend-ranking/privacy.ts';
import { chooseForShortHistories, measureShortHistories } from './recommend-ranking/short-history.ts';
import { measureSpeed } from './recommend-ranking/speed.ts';

export const summary =
  'recommendation models: accuracy, short histories, cold start, moods, reasons, speed, privacy (TARGETS R1–R4)';

const HELP = `npm run bench -- recommend-ranking [accuracy|grid|short|content|moods|reasons|speed|privacy] [--test PATH] [--only NAME] [--choose]

  accuracy  all models on the published split of lastfm-hetrec (the default); --test PATH measures test.txt(.gz), of
            the form of the set's other files, once
  grid      each point of the grids from which hyper-parameters were chosen, on validation; --only FAMILY for one
  short     listeners told as having 0, 1, 3 or 5 items, held out of the fit and folded in; --choose: what the hybrid was
            chosen by, on training likes alone
  content   pieces that nobody has rated, ranked by what they sound like (symbolic sets, simulated listeners)
  moods     listeners with several moods: the facet of the latest sitting beside one taste for all; --only 3 for three
  reasons   whether reasons are causal: what they name is taken away
  speed     top ten of 100,000 × 64, and an iteration of implicit ALS, beside brute force
  privacy   what differential privacy costs on a small catalogue`;

export function run(args: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      test: { type: 'string' },
      only: { type: 'string' },
      choose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(HELP);
  const part = positionals[0] ?? 'accuracy';
  if (part === 'accuracy') return measureAccuracy(values.test, values.only);
  if (part === 'grid') return measureGrids(values.only);
  if (part === 'short') return values.choose ? chooseForShortHistories() : measureShortHistories(values.only);
  if (part === 'content') return measureColdStart();
  if (part === 'moods') return measureMoods(values.only);
  if (part === 'reasons') return measureReasons();
  if (part === 'speed') return measureSpeed();
  if (part === 'privacy') return measurePrivacy();
  console.log(HELP);
  process.exitCode = 2;
}
