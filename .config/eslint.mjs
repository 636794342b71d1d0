import js from '@eslint/js';
import next from '@next/eslint-plugin-next';
import hooks from 'eslint-plugin-react-hooks';
import path from 'node:path';
import tseslint from 'typescript-eslint';

const root = path.resolve(import.meta.dirname, '..');

/** core ← generate, classify, recommend ← web. A sibling never imports a sibling; core imports none. */
const FORBIDDEN = {
  core: ['generate', 'classify', 'recommend', 'web'],
  generate: ['classify', 'recommend', 'web'],
  classify: ['generate', 'recommend', 'web'],
  recommend: ['generate', 'classify', 'web'],
};

/** Library code outside the node entries also runs in a browser; imports of built-ins are caught by bench/browser-safe.test.ts. */
const NODE_GLOBALS = [
  'Buffer',
  'process',
  'global',
  'require',
  'module',
  '__dirname',
  '__filename',
  'setImmediate',
  'clearImmediate',
];

const boundaries = Object.entries(FORBIDDEN).map(([name, forbidden]) => ({
  basePath: root, // patterns start at the workspace root, wherever eslint runs
  files: [`packages/${name}/**/*.{ts,tsx,mts,mjs}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: forbidden.flatMap((other) => [
              `@attune/${other}`,
              `@attune/${other}/**`,
              `**/packages/${other}/**`,
              `../**/${other}/src/**`,
            ]),
            message: `@attune/${name} must not import this package: core ← generate, classify, recommend ← web.`,
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/out-tsc/**',
      '**/.next/**',
      '**/generated/**',
      '**/next-env.d.ts',
      '**/*.config.*',
      '**/*.mjs',
      '**/public/**',
      '**/assembly/**',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off', // typed-array reads under noUncheckedIndexedAccess
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    // Chance, time and identity are arguments; the world is touched in node/, bin/ and the web app only.
    basePath: root,
    files: ['packages/*/src/**/*.ts'],
    ignores: ['**/*.test.ts', '**/src/node/**', '**/src/**/node/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Take a seeded Rng as an argument.' },
        { object: 'Date', property: 'now', message: 'Take the time as an argument.' },
      ],
      'no-restricted-globals': [
        'error',
        ...NODE_GLOBALS.map((name) => ({ name, message: 'A browser does not have it.' })),
      ],
    },
  },
  ...boundaries,
  {
    basePath: root, // patterns start at the workspace root, also when eslint runs inside apps/web
    files: ['**/apps/web/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks, '@next/next': next },
    rules: {
      ...hooks.configs.recommended.rules,
      ...next.configs.recommended.rules,
      '@next/next/no-html-link-for-pages': 'off',
    },
    settings: { next: { rootDir: 'apps/web' } },
  },
);
