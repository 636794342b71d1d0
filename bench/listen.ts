import { createMeterMap, createTempoMap, scoreEndTick, type Score } from '@attune/core';
import { encodeMp3, mixToMono, sliceClip, type AudioClip } from '@attune/core/audio';
import { loadSoundFont, readCheckpointFolder } from '@attune/core/node';
import { renderScore } from '@attune/core/synth';
import { createGenerator, originality, wellFormedness, type GeneratedPiece } from '@attune/generate';
import { instrumentName, loadOriginalityIndex, shippedCheckpointFolder } from '@attune/generate/node';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { encodePng } from './listen/png.ts';
import { planPieces, type PlannedPiece } from './listen/plan.ts';
import { COLOUR_NAMES, drawRoll } from './listen/roll.ts';

export const summary = 'docs/listen: pieces of every style and task as sound and as piano rolls';

const MOST_SECONDS = 25;
const FADE_SECONDS = 1.5;
const REMARKS = 'remarks.json';

/** What somebody who looked and listened said of a piece, with the digest of the notes that it was said of. */
type Remarks = Readonly<Record<string, { readonly notes: string; readonly remark: string }>>;

/**
 * `[--model FOLDER] [--out docs/listen] [--candidates 4] [--seed 1] [--only a,b] [--originality FOLDER]`: composes, keeps
 * the best of the candidates by craft and originality, renders at 64 kbit/s, draws, and writes the page. Remarks stay as
 * long as the notes are the same.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: 'string', default: shippedCheckpointFolder() },
      out: { type: 'string', default: path.resolve('docs/listen') },
      candidates: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
      originality: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const generator = createGenerator(readCheckpointFolder(values.model));
  const index = await loadOriginalityIndex(values.originality);
  const font = await loadSoundFont();
  mkdirSync(values.out, { recursive: true });
  const remarksFile = path.join(values.out, REMARKS);
  const remarks = existsSync(remarksFile) ? (JSON.parse(readFileSync(remarksFile, 'utf8')) as Remarks) : {};
  const made = new Map<string, GeneratedPiece>();
  const entries: string[] = [];
  const plan = planPieces(generator.info).filter(
    ({ name }) => !values.only || values.only.split(',').includes(name),
  );
  const names = new Set(plan.map(({ name }) => name));
  for (const file of readdirSync(values.out))
    if (!values.only && /\.(mp3|png)$/.test(file) && !names.has(path.parse(file).name))
      rmSync(path.join(values.out, file));
  for (const planned of plan) {
    const request = planned.request(made);
    const first = Number(values.seed) + 100 * plan.indexOf(planned);
    const candidates: Judged[] = [];
    const count = Number(values.candidates);
    for (let tries = 0; candidates.length === 0 || tries < count; tries += count) {
      const pieces = await Promise.all(
        Array.from({ length: count }, (_, i) => generator.generate({ ...request, seed: first + tries + i })),
      );
      candidates.push(...pieces.map(judge).filter(({ rank }) => rank > 0));
      if (tries > 10 * count)
        throw new Error(`${planned.name}: every candidate is too near a training piece.`);
    }
    const best = candidates.reduce((a, b) => (b.rank > a.rank ? b : a));
    made.set(planned.name, best.piece);
    await writeFiles(values.out, planned, best.piece.score, font);
    entries.push(entryOf(planned, best, remarks[planned.name]));
    // After each piece: a run that is stopped leaves a page of what it made.
    const page = pageOf(entries, plan.length, generator.info.version, count);
    writeFileSync(path.join(values.out, values.only ? 'some.md' : 'README.md'), page);
    console.log(planned.name);
  }

  function judge(piece: GeneratedPiece): Judged {
    const craft = wellFormedness(piece.score, { bars: piece.bars }).score;
    const found = originality(piece.score, index, { style: piece.conditioning.style });
    return { piece, craft, originality: found.score, rank: found.exceedsFloor ? 0 : craft * found.score };
  }
}

interface Judged {
  readonly piece: GeneratedPiece;
  readonly craft: number;
  readonly originality: number;
  readonly rank: number;
}

async function writeFiles(
  folder: string,
  { name, marked }: PlannedPiece,
  score: Score,
  font: Uint8Array,
): Promise<void> {
  const tempo = createTempoMap(score);
  const meters = createMeterMap(score);
  const end = tempo.secondsAt(scoreEndTick(score));
  const span =
    marked &&
    ([meters.barStart(marked[0] - 1), meters.barStart(marked[1])].map((tick) => tempo.secondsAt(tick)) as [
      number,
      number,
    ]);
  const picture = encodePng(drawRoll(score, Math.min(end, MOST_SECONDS), span));
  const [drawn, sound] = [path.join(folder, `${name}.png`), path.join(folder, `${name}.mp3`)];
  // The same picture is of the same notes, whose sound lies there already.
  if (existsSync(drawn) && existsSync(sound) && readFileSync(drawn).equals(picture)) return;
  rmSync(sound, { force: true });
  writeFileSync(drawn, picture);
  const clip = mixToMono(await renderScore(score, font));
  writeFileSync(sound, await encodeMp3(cut(clip), { kbps: 64 }));
}

/** At most the first seconds, faded out where the piece goes on. */
function cut(clip: AudioClip): AudioClip {
  const most = MOST_SECONDS * clip.sampleRate;
  if (clip.channels[0]!.length <= most) return clip;
  const short = sliceClip(clip, 0, MOST_SECONDS);
  const fade = FADE_SECONDS * clip.sampleRate;
  const channels = short.channels.map((channel) =>
    channel.map((x, i) => x * Math.min(1, (channel.length - i) / fade)),
  );
  return { ...short, channels };
}

function entryOf(
  { name, style, wish }: PlannedPiece,
  { piece, craft, originality: own }: Judged,
  said: Remarks[string] | undefined,
): string {
  const { score, conditioning, seed, bars } = piece;
  const digest = digestOf(score);
  const { tempo, meter, tonic, mode } = conditioning;
  const key = tonic === undefined ? 'no key' : `${NAMES[tonic]} ${mode}`;
  const playing = score.tracks.filter(({ notes }) => notes.length > 0);
  const instruments = playing.map(
    ({ program, isDrum }, i) =>
      `${instrumentName(isDrum ? 128 : program)} (${COLOUR_NAMES[i % COLOUR_NAMES.length]})`,
  );
  return [
    `## ${name}`,
    '',
    `${style}: ${wish}. [Listen](${name}.mp3)`,
    '',
    `![Piano roll of ${name}](${name}.png)`,
    '',
    said?.notes === digest ? said.remark : '*Nobody has judged these notes yet.*',
    '',
    `${instruments.join(', ')}; ${key}, ${meter?.numerator}/${meter?.denominator}, ${Math.round(tempo ?? 120)} bpm, ${bars} bars. Seed ${seed}, craft ${craft.toFixed(2)}, originality ${own.toFixed(2)}, ${piece.nats.toFixed(2)} nats a note, notes \`${digest}\`.`,
    '',
  ].join('\n');
}

const NAMES = ['C', 'D flat', 'D', 'E flat', 'E', 'F', 'F sharp', 'G', 'A flat', 'A', 'B flat', 'B'] as const;

function digestOf({ tracks }: Score): string {
  const notes = tracks.map(({ program, isDrum, notes: own }) => [
    program,
    isDrum,
    own.map(({ start, duration, pitch }) => [start, duration, pitch]),
  ]);
  return createHash('sha256').update(JSON.stringify(notes)).digest('hex').slice(0, 12);
}

function pageOf(entries: readonly string[], planned: number, version: string, candidates: number): string {
  const all =
    entries.length === planned
      ? 'one for every style and every task'
      : `the first of ${planned} that are planned`;
  const choice =
    candidates === 1
      ? 'Each is the first that came'
      : `Each is the best of ${candidates} candidates by craft × originality`;
  return [
    '# Listen',
    '',
    `${entries.length} pieces by ${version}, ${all}. ${choice}; none is over the originality floor. Nothing was chosen by ear, and nothing was edited. Sound: the built-in SoundFont, mono, 64 kbit/s, at most ${MOST_SECONDS} seconds. Piano rolls: time to the right, pitch upwards, drums below the line; a red edge above marks bars that were written between given ones. The sentence under each roll is a judgement of these very notes from the roll and the figures, kept in \`${REMARKS}\` and shown only while the notes are the same.`,
    '',
    '```',
    `npm run bench -- listen --candidates ${candidates}`,
    '```',
    '',
    ...entries,
  ].join('\n');
}
