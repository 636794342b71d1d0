import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(path.join(import.meta.dirname, 'theme.css'), 'utf8');

type Rgb = [number, number, number];
const hexToRgb = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb;

/** The `--name: #hex` pairs of the first rule with this selector. */
function tokensOf(selector: string): Map<string, Rgb> {
  const body = new RegExp(`^${selector} \\{([^}]*)\\}`, 'm').exec(css)![1]!;
  return new Map(
    [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, hex]) => [name!, hexToRgb(hex!)]),
  );
}

/** WCAG 2.2 relative luminance and contrast ratio. */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** A tone of the theme: a token mixed into paper in sRGB. */
function mix(name: string, tokens: Map<string, Rgb>): Rgb {
  const [, source, percent] = new RegExp(`--${name}: color-mix\\(in srgb, var\\(--(\\w+)\\) (\\d+)%`).exec(
    css,
  )!;
  const share = Number(percent) / 100;
  const paper = tokens.get('paper')!;
  return tokens.get(source!)!.map((value, index) => value * share + paper[index]! * (1 - share)) as Rgb;
}

it('measures contrast as the standard does', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
  expect(contrast([118, 118, 118], [255, 255, 255])).toBeCloseTo(4.54, 2);
});

describe.each([':root', '\\.dark'])('theme %s', (selector) => {
  const tokens = tokensOf(selector);
  const paper = tokens.get('paper')!;
  const surfaces = [paper, mix('panel', tokens), mix('tint', tokens), mix('hover', tokens)];

  it('text, quiet text, accent and danger stand 4.5:1 off every surface', () => {
    for (const surface of surfaces) {
      for (const colour of [
        tokens.get('ink')!,
        mix('quiet', tokens),
        tokens.get('accent')!,
        tokens.get('danger')!,
      ]) {
        expect(contrast(colour, surface)).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(tokens.get('on-accent')!, tokens.get('accent')!)).toBeGreaterThanOrEqual(4.5);
  });

  it('borders of controls and all eight instruments stand 3:1 off paper and panel', () => {
    const instruments = [...tokens].filter(([name]) => name.startsWith('instrument-'));
    expect(instruments).toHaveLength(8);
    for (const [, colour] of [...instruments, ['edge', mix('edge', tokens)] as const]) {
      expect(contrast(colour, paper)).toBeGreaterThanOrEqual(3);
      expect(contrast(colour, surfaces[1]!)).toBeGreaterThanOrEqual(3);
    }
  });
});
