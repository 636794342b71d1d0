import type { ReactNode } from 'react';
import type { ForecastView } from '@/api/trends.ts';

const WIDTH = 160;
const HEIGHT = 40;

interface TrendLineProps {
  readonly values: readonly number[];
  readonly forecast: readonly ForecastView[];
  readonly label: string;
}

/** A series as a line, its forecast as a dashed line in the band of its interval. */
export function TrendLine({ values, forecast, label }: TrendLineProps): ReactNode {
  const all = [...values, ...forecast.flatMap(({ low, high }) => [low, high])];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const span = high - low || 1;
  const steps = Math.max(1, values.length + forecast.length - 1);
  const at = (index: number, value: number): string =>
    `${((index / steps) * WIDTH).toFixed(1)},${(HEIGHT - 2 - ((value - low) / span) * (HEIGHT - 4)).toFixed(1)}`;
  const from = values.length - 1;
  const ahead = [{ mean: values[from]!, low: values[from]!, high: values[from]! }, ...forecast];
  const band = [
    ...ahead.map((point, i) => at(from + i, point.high)),
    ...ahead.map((point, i) => at(from + i, point.low)).reverse(),
  ];
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
      <polygon points={band.join(' ')} className="fill-accent opacity-20" />
      <polyline
        points={values.map((value, i) => at(i, value)).join(' ')}
        className="fill-none stroke-ink"
        strokeWidth="1.5"
      />
      <polyline
        points={ahead.map(({ mean }, i) => at(from + i, mean)).join(' ')}
        className="fill-none stroke-accent"
        strokeWidth="1.5"
        strokeDasharray="4 3"
      />
    </svg>
  );
}
