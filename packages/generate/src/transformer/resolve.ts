import { AttuneError, type Rng } from '@attune/core';
import { DRUMS, isStyle, type Conditioning, type Mode, type Style } from '@attune/core/style';
import { barStepsOf } from '@attune/core/tokens';
import { meterName, MODES } from './conditions.ts';
import type { StylePrior, StylePriors, TransformerConfig } from './config.ts';
import { tempoQuantileOf } from './mood-wishes.ts';
import { checkRange, fitsRange, LEAST_RANGE, type PitchRange } from './wished-range.ts';

/** A request with every field that the notes depend on; tonic and mode are absent for drums alone. */
export interface ResolvedConditioning extends Conditioning {
  readonly style: Style;
  readonly tempo: number;
  readonly meter: { readonly numerator: number; readonly denominator: number };
  readonly instruments: readonly number[];
}

/** Width of the range of tempo quantiles around the pull of a mood. */
const TEMPO_SPREAD = 0.4;
const KEEPS_OPTION = 0.02; // what a style that never had a wished instrument or meter still weighs

const FORM = /^[A-H]{1,64}$/;

/**
 * Draws what a request leaves open from the priors: first a style that suits the rest, then, within it, mode,
 * tonic, meter, tempo and instruments. Density and mood stay open for the model to choose.
 */
export function resolveConditioning(
  config: TransformerConfig,
  wish: Conditioning,
  rng: Rng,
): ResolvedConditioning {
  checkConditioning(wish);
  const style = wish.style ?? drawStyle(config.priors, wish, rng.fork('style'));
  const prior = config.priors[style] ?? Object.values(config.priors)[0];
  if (!prior) throw new AttuneError('checkpoint/malformed', 'The model knows no style.', { place: 'priors' });
  const instruments = wish.instruments ?? drawInstruments(prior, wish.range, rng.fork('instruments'));
  if (wish.range) checkRange(instruments, wish.range);
  const drumsOnly = instruments.every((instrument) => instrument === DRUMS);
  const mode = wish.mode ?? (drumsOnly ? undefined : drawMode(prior, wish, rng.fork('mode')));
  const tonic = wish.tonic ?? (mode === undefined ? undefined : drawTonic(prior, mode, rng.fork('tonic')));
  return {
    ...wish,
    style,
    ...(mode !== undefined && { mode }),
    ...(tonic !== undefined && { tonic }),
    meter: wish.meter ?? drawMeter(prior, rng.fork('meter')),
    tempo: wish.tempo ?? drawTempo(prior, tempoQuantileOf(wish), rng.fork('tempo')),
    instruments: [...new Set(instruments)].sort((a, b) => a - b),
  };
}

/** Throws `argument/invalid` naming the first field outside its range. */
export function checkConditioning(wish: Conditioning): void {
  const fail = (field: string, value: unknown, range: string): never => {
    throw new AttuneError('argument/invalid', `${field} is ${String(value)}; it can be ${range}.`, {
      field,
      value: String(value),
    });
  };
  const within = (field: keyof Conditioning, low: number, high: number): void => {
    const value = wish[field] as number | undefined;
    if (value !== undefined && !(value >= low && value <= high)) fail(field, value, `${low} to ${high}`);
  };
  if (wish.style !== undefined && !isStyle(wish.style)) fail('style', wish.style, 'one of the styles');
  within('tonic', 0, 11);
  if (wish.tonic !== undefined && !Number.isInteger(wish.tonic)) fail('tonic', wish.tonic, 'a whole number');
  if (wish.mode !== undefined && !MODES.includes(wish.mode)) fail('mode', wish.mode, MODES.join(' or '));
  within('tempo', 10, 400);
  within('density', 0.01, 100);
  within('energy', 0, 1);
  within('valence', 0, 1);
  within('tension', 0, 1);
  if (wish.range) {
    const [low, high] = wish.range;
    const isPitch = (pitch: number): boolean => Number.isInteger(pitch) && pitch >= 0 && pitch <= 127;
    if (!isPitch(low) || !isPitch(high) || high - low < LEAST_RANGE)
      fail('range', `${low} to ${high}`, 'two pitches from 0 to 127, an octave or more apart');
  }
  if (wish.form !== undefined && !FORM.test(wish.form))
    fail('form', wish.form, '1 to 64 letters from A to H');
  if (wish.meter) {
    const { numerator, denominator } = wish.meter;
    if (![1, 2, 4, 8, 16, 32].includes(denominator))
      fail('meter', meterName(wish.meter), 'n over 1, 2, 4, 8, 16 or 32');
    const quarters = (numerator * 4) / denominator;
    if (!Number.isInteger(numerator) || !(quarters >= 1 && quarters <= 8)) {
      fail('meter', meterName(wish.meter), 'a bar of 1 to 8 quarters');
    }
    if (barStepsOf(wish.meter) !== quarters * 24)
      fail('meter', meterName(wish.meter), 'a whole number of grid steps');
  }
  if (wish.instruments) {
    if (wish.instruments.length === 0) fail('instruments', 'empty', 'one or more');
    for (const instrument of wish.instruments) {
      if (!Number.isInteger(instrument) || instrument < 0 || instrument > DRUMS)
        fail('instruments', instrument, '0 to 128');
    }
  }
}

function drawStyle(priors: StylePriors, wish: Conditioning, rng: Rng): Style {
  const entries = Object.entries(priors);
  const weights = entries.map(([, prior]) => {
    let weight = prior.weight;
    for (const instrument of wish.instruments ?? [])
      weight *= prior.pitchRanges[instrument] ? 1 : KEEPS_OPTION;
    if (wish.meter) weight *= Math.max(KEEPS_OPTION, prior.meters[meterName(wish.meter)] ?? 0);
    if (
      wish.range &&
      !wish.instruments &&
      !prior.instrumentSets.some((set) => isBandFor(set.instruments, wish.range))
    )
      return 0;
    if (wish.mode && !wish.instruments && total(prior[wish.mode]) === 0) weight *= KEEPS_OPTION;
    return weight;
  });
  return entries[rng.categorical(weights)]![0] as Style;
}

/** Whether all play within the range, and not drums alone. */
function isBandFor(instruments: readonly number[], range: PitchRange | undefined): boolean {
  if (range === undefined) return true;
  return (
    instruments.some((instrument) => instrument !== DRUMS) &&
    instruments.every((instrument) => fitsRange(instrument, range))
  );
}

/** Throws `argument/invalid` where no band of the style can play within the range. */
function drawInstruments(prior: StylePrior, range: PitchRange | undefined, rng: Rng): readonly number[] {
  const weights = prior.instrumentSets.map(({ instruments, weight }) =>
    isBandFor(instruments, range) ? weight : 0,
  );
  if (total(weights) === 0)
    throw new AttuneError(
      'argument/invalid',
      `No band of this style plays from ${range?.join(' to ')}: widen the range, or name instruments.`,
      { range: range?.join(' to ') ?? '' },
    );
  return prior.instrumentSets[rng.categorical(weights)]!.instruments;
}

/** A wish for a bright piece favours major, for a dark one minor. */
function drawMode(prior: StylePrior, { tonic, valence = 0.5 }: Conditioning, rng: Rng): Mode {
  const weights = MODES.map((mode) => {
    const known = 1e-3 + (tonic === undefined ? total(prior[mode]) : prior[mode][tonic]!);
    return known * (mode === 'major' ? 0.02 + valence ** 2 : 0.02 + (1 - valence) ** 2);
  });
  return MODES[rng.categorical(weights)]!;
}

function drawTonic(prior: StylePrior, mode: Mode, rng: Rng): number {
  return total(prior[mode]) === 0 ? rng.integer(12) : rng.categorical(prior[mode]);
}

function drawMeter(prior: StylePrior, rng: Rng): { numerator: number; denominator: number } {
  const meters = Object.entries(prior.meters)
    .map(([name, weight]) => ({ name, weight, parts: name.split('/').map(Number) as [number, number] }))
    .filter(
      ({ parts: [n, d] }) =>
        (n * 4) / d >= 1 && (n * 4) / d <= 8 && barStepsOf({ numerator: n, denominator: d }) === (n * 96) / d,
    );
  if (meters.length === 0) return { numerator: 4, denominator: 4 };
  const [numerator, denominator] = meters[rng.categorical(meters.map(({ weight }) => weight))]!.parts;
  return { numerator, denominator };
}

/** Anywhere in the style's range of tempos, near `pull` of it where a mood pulls; whole quarters a minute. */
function drawTempo({ tempoDeciles }: StylePrior, pull: number | undefined, rng: Rng): number {
  const u = rng.uniform();
  const quantile = pull === undefined ? u : Math.min(1, Math.max(0, pull + (u - 0.5) * TEMPO_SPREAD));
  const at = quantile * (tempoDeciles.length - 1);
  const low = Math.min(tempoDeciles.length - 2, Math.floor(at));
  const tempo = tempoDeciles[low]! + (at - low) * (tempoDeciles[low + 1]! - tempoDeciles[low]!);
  return Math.min(300, Math.max(30, Math.round(tempo)));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
