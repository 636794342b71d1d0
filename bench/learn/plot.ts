/** What a page's program leaves to be drawn: named curves over one axis. */
export interface Plot {
  readonly x: string;
  readonly y: string;
  /** Upper end of the y axis; by default the largest value. */
  readonly top?: number;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
}

const [WIDTH, HEIGHT] = [560, 260];
const FRAME = { left: 56, right: 16, top: 34, bottom: 40 };
const COLOURS = ['#1f6feb', '#c4432b', '#2b8a57'];
const DASHES = ['', '6 3', '2 3'];

/** The curves as an SVG of fixed size on white, told apart by colour and by dashes. */
export function drawPlot({ x, y, top, series }: Plot): string {
  const all = series.flatMap(({ points }) => points);
  const [x0, x1] = [Math.min(...all.map(([at]) => at)), Math.max(...all.map(([at]) => at))];
  const y0 = Math.min(0, ...all.map(([, value]) => value));
  const y1 = top ?? Math.max(...all.map(([, value]) => value));
  const [right, bottom] = [WIDTH - FRAME.right, HEIGHT - FRAME.bottom];
  const toX = (at: number): number => FRAME.left + ((at - x0) / (x1 - x0)) * (right - FRAME.left);
  const toY = (value: number): number =>
    bottom - ((Math.min(value, y1) - y0) / (y1 - y0)) * (bottom - FRAME.top);
  const text = (atX: number, atY: number, words: string, more = ''): string =>
    `<text x="${round(atX)}" y="${round(atY)}"${more}>${escape(words)}</text>`;
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
    const [at, value] = [x0 + share * (x1 - x0), y0 + share * (y1 - y0)];
    return [
      `<path d="M${FRAME.left} ${round(toY(value))}H${right}" stroke="#ddd"/>`,
      text(FRAME.left - 6, toY(value) + 4, label(value), ' text-anchor="end"'),
      text(toX(at), bottom + 16, label(at), ' text-anchor="middle"'),
    ];
  });
  const curves = series.flatMap(({ name, points }, i) => {
    const line = points.map(([at, value]) => `${round(toX(at))},${round(toY(value))}`).join(' ');
    const style = `stroke="${COLOURS[i]}" stroke-width="1.6" stroke-dasharray="${DASHES[i]}" fill="none"`;
    const at = FRAME.left + i * 165;
    return [
      `<polyline points="${line}" ${style}/>`,
      `<path d="M${at} 14h22" ${style}/>`,
      text(at + 28, 18, name),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...ticks,
    text((FRAME.left + right) / 2, HEIGHT - 8, x, ' text-anchor="middle"'),
    text(0, 0, y, ` text-anchor="middle" transform="translate(14 ${(FRAME.top + bottom) / 2}) rotate(-90)"`),
    ...curves,
    '</svg>\n',
  ].join('\n');
}

function label(value: number): string {
  return String(Number(value.toPrecision(2)));
}
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
function escape(words: string): string {
  return words.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
