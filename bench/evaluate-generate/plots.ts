/** Values of several series for each of some names, as dots on one line a name. */
export interface DotPlot {
  readonly title: string;
  /** What the axis counts. */
  readonly x: string;
  readonly names: readonly string[];
  /** NaN where there is no value. */
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** A line to compare with. */
  readonly mark?: { readonly at: number; readonly name: string };
  readonly from?: number;
  readonly to?: number;
}

const WIDTH = 640;
const ROW = 17;
const FRAME = { left: 126, right: 18, top: 52, bottom: 40 };
const COLOURS = ['#1f6feb', '#c4432b', '#2b8a57', '#8a5cc4'];

/** An SVG on white; series are told apart by colour and by shape. */
export function drawDots({ title, x, names, series, mark, from, to }: DotPlot): string {
  const height = FRAME.top + names.length * ROW + FRAME.bottom;
  const all = [...series.flatMap(({ values }) => values), ...(mark ? [mark.at] : [])].filter(Number.isFinite);
  const low = from ?? Math.min(0, ...all);
  const high = to ?? Math.max(...all) * 1.02;
  const toX = (value: number): number =>
    FRAME.left +
    ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * (WIDTH - FRAME.left - FRAME.right);
  const bottom = height - FRAME.bottom;
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
    const value = low + share * (high - low);
    return [
      `<path d="M${r(toX(value))} ${FRAME.top - 6}V${bottom}" stroke="#ddd"/>`,
      text(toX(value), bottom + 14, String(Number(value.toPrecision(2))), 'middle'),
    ];
  });
  const rows = names.flatMap((name, i) => {
    const y = FRAME.top + (i + 0.5) * ROW;
    return [
      text(FRAME.left - 8, y + 4, name, 'end'),
      ...series.flatMap(({ values }, k) => (Number.isFinite(values[i]!) ? [dot(k, toX(values[i]!), y)] : [])),
    ];
  });
  const legend = series.flatMap(({ name }, k) => {
    const at = FRAME.left + (k % 3) * 170;
    const y = 30 + Math.floor(k / 3) * 14;
    return [dot(k, at, y), text(at + 9, y + 4, name)];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    text(FRAME.left, 15, title, 'start', ' font-weight="bold"'),
    ...ticks,
    ...(mark
      ? [
          `<path d="M${r(toX(mark.at))} ${FRAME.top - 6}V${bottom}" stroke="#333" stroke-dasharray="4 3"/>`,
          text(toX(mark.at) + 4, FRAME.top - 8, mark.name),
        ]
      : []),
    ...rows,
    ...legend,
    text((FRAME.left + WIDTH - FRAME.right) / 2, height - 8, x, 'middle'),
    '</svg>\n',
  ].join('\n');
}

function dot(series: number, x: number, y: number): string {
  const colour = COLOURS[series % COLOURS.length]!;
  const [a, b] = [r(x), r(y)];
  if (series === 0) return `<circle cx="${a}" cy="${b}" r="4" fill="${colour}"/>`;
  if (series === 1)
    return `<rect x="${r(x - 3.5)}" y="${r(y - 3.5)}" width="7" height="7" fill="${colour}"/>`;
  if (series === 2) return `<path d="M${a} ${r(y - 4.5)}l4.5 8h-9z" fill="${colour}"/>`;
  return `<path d="M${r(x - 3.5)} ${r(y - 3.5)}l7 7m0 -7l-7 7" stroke="${colour}" stroke-width="2"/>`;
}

function text(x: number, y: number, words: string, anchor = 'start', more = ''): string {
  const safe = words.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return `<text x="${r(x)}" y="${r(y)}" text-anchor="${anchor}"${more}>${safe}</text>`;
}

function r(value: number): number {
  return Math.round(value * 10) / 10;
}
