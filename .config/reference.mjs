// npm run reference [-- --check]: the API reference from the docstrings, in dist/reference; --check writes nothing.
// Fails where an exported symbol has no docstring, an entry has no @module comment, or a link leads nowhere.
import path from 'node:path';
import { Application, LogLevel, ReflectionKind } from 'typedoc';
import { listEntries } from './entries.mjs';

const root = path.resolve(import.meta.dirname, '..');
const EXPORTED =
  ReflectionKind.Function |
  ReflectionKind.Class |
  ReflectionKind.Interface |
  ReflectionKind.TypeAlias |
  ReflectionKind.Variable |
  ReflectionKind.Enum;

/**
 * Reads the entries and returns their faults, one sentence each; writes HTML to `out` if it is given and there are
 * none.
 */
export async function buildReference({ entries, tsconfig, out }) {
  const faults = [];
  const app = await Application.bootstrap({
    name: 'Attune',
    entryPoints: [...entries.values()],
    tsconfig,
    skipErrorChecking: true, // npm run typecheck does that
    readme: 'none',
    disableGit: true,
    disableSources: true,
    excludeInternal: true,
    excludeExternals: true, // types of TensorFlow.js that pass through @attune/core/nn
    validation: { notExported: false, invalidLink: true, invalidPath: false }, // `[T, 12]: …` is a shape, not a path
    logLevel: LogLevel.Warn,
  });
  app.logger.addContext = (message) => message;
  app.logger.log = (message, level) => void (level >= LogLevel.Warn && faults.push(message));
  const project = await app.convert();
  if (!project) return faults;
  app.validate(project);
  faults.push(...undocumented(project), ...misnamed(project, entries));
  if (faults.length === 0 && out) {
    project.readme = landingPage(project);
    await app.generateDocs(project, out);
  }
  return faults;
}

function undocumented(project) {
  return project
    .getReflectionsByKind(EXPORTED)
    .filter((one) => one.parent?.isProject() || one.parent?.kindOf(ReflectionKind.Module))
    .filter((one) => !one.hasComment() && !one.signatures?.every((signature) => signature.hasComment()))
    .map((one) => `${one.getFullName()} has no docstring.`);
}

function misnamed(project, entries) {
  const found = new Set(modulesOf(project).map((module) => module.name));
  return [...entries]
    .filter(([name]) => !found.has(name))
    .map(
      ([name, file]) =>
        `${path.relative(root, file)} does not begin with a comment that ends in @module ${name}.`,
    );
}

function modulesOf(project) {
  return project.getChildrenByKind(ReflectionKind.Module);
}

/** The table of entries, each with the first words of its module comment. */
function landingPage(project) {
  const text = (words) => ({ kind: 'text', text: words });
  const rows = modulesOf(project).flatMap((module) => [
    text('| '),
    { kind: 'inline-tag', tag: '@link', text: module.name, target: module },
    text(
      ` | ${(module.comment?.summary ?? [])
        .map((part) => part.text)
        .join('')
        .replaceAll('\n', ' ')} |\n`,
    ),
  ]);
  return [
    text('Every exported symbol of the packages, from its docstring.\n\n| entry | holds |\n|---|---|\n'),
    ...rows,
  ];
}

if (process.argv[1] === import.meta.filename) {
  const out = process.argv.includes('--check') ? undefined : path.join(root, 'dist/reference');
  const entries = listEntries();
  const faults = await buildReference({
    entries,
    tsconfig: path.join(import.meta.dirname, 'tsconfig.reference.json'),
    out,
  });
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exit(1);
  console.log(
    `${entries.size} entries documented${out ? `: ${path.relative(process.cwd(), out)}/index.html` : ''}`,
  );
}
