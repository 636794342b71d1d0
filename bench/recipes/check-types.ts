import path from 'node:path';
import ts from 'typescript';
import type { Recipe } from './read-recipes.ts';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * What the compiler says of each recipe, with the line in the document. Recipes are checked as modules of their own
 * that import the packages by name; a recipe for a browser is checked without the types of Node.
 */
export function checkTypes(recipes: readonly Recipe[]): Map<Recipe, string[]> {
  const [forPages, forNode] = [
    recipes.filter((each) => each.isForBrowser),
    recipes.filter((each) => !each.isForBrowser),
  ];
  return new Map([...check(forNode, ['node'], []), ...check(forPages, [], ['lib.dom.d.ts'])]);
}

function check(recipes: readonly Recipe[], types: string[], libs: string[]): [Recipe, string[]][] {
  const files = new Map(
    recipes.map((recipe, i) => [path.join(import.meta.dirname, `recipe-${i}.mts`), recipe]),
  );
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', ...libs],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ['@attune/source'],
    allowImportingTsExtensions: true,
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    noEmit: true,
    types,
  };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    getCurrentDirectory: () => root,
    fileExists: (name) => files.has(name) || disk.fileExists(name),
    readFile: (name) => files.get(name)?.code ?? disk.readFile(name),
    getSourceFile: (name, target, ...rest) => {
      const recipe = files.get(name);
      return recipe
        ? ts.createSourceFile(name, recipe.code, target)
        : disk.getSourceFile(name, target, ...rest);
    },
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files].map(([file, recipe]) => {
    const source = program.getSourceFile(file)!;
    const faults = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return [recipe, faults.map((fault) => describeFault(fault, recipe))];
  });
}

function describeFault({ file, start, messageText }: ts.Diagnostic, recipe: Recipe): string {
  const { line } = file!.getLineAndCharacterOfPosition(start!);
  return `${recipe.file}:${recipe.line + line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}
