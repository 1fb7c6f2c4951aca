import { readdirSync } from 'node:fs';
import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Imports point one way: ui → state → engine → methods → network, data → core. */
const rooms = 'core wire fetch service-worker data network methods export engine state ui'.split(
  ' ',
);
const mayImport = {
  core: [],
  wire: [],
  fetch: [],
  'service-worker': [],
  data: ['core', 'wire', 'fetch'],
  network: ['core', 'fetch'],
  methods: ['core', 'network'],
  export: ['core', 'wire', 'network', 'methods'],
  engine: ['core', 'wire', 'fetch', 'data', 'network', 'methods'],
  state: ['core', 'fetch', 'data', 'network', 'methods', 'export', 'engine'],
  ui: ['core', 'data', 'network', 'methods', 'engine', 'state'],
};

/** Further walls of a room; the last one that names a file's folder holds for it, with those of its room. */
const walls = {
  core: [{ regex: '^[^.]', message: 'src/core depends on nothing outside itself.' }],
  'engine/client': [
    {
      regex: '(^|/)worker/',
      message:
        'engine/client runs beside the page, engine/worker in a worker: what both know is beside them.',
    },
  ],
  'engine/worker': [
    {
      regex: '(^|/)client/',
      message:
        'engine/worker runs in a worker, engine/client beside the page: what both know is beside them.',
    },
  ],
  ui: [
    {
      regex: '(^|/)engine/(client|worker)/',
      allowTypeImports: true,
      message: 'The page draws what state has: it knows the types of the engine alone.',
    },
    {
      regex: '(^|/)methods/(?!registry|contract/|parts/options/)(?!.*/options\\.ts$)',
      allowTypeImports: true,
      message: 'The page knows methods by the registry and by their options.',
    },
  ],
};

/** A folder of src/methods is a method, but for these: what methods have in common. */
const common = ['contract', 'parts', 'run'];
const methods = readdirSync(new URL('src/methods', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !common.includes(entry.name))
  .map(({ name }) => name);
for (const folder of [...methods, ...common])
  walls[`methods/${folder}`] = [
    {
      regex: `(^|/)\\.\\./(${methods.filter((other) => other !== folder).join('|')})/`,
      message: 'No method is made of another one: what two of them share is in methods/parts.',
    },
  ];

const withoutTensors = {
  regex: '^@tensorflow/',
  message: 'Tensors stay in network, methods and engine.',
};

const direction = [...new Set([...rooms, ...Object.keys(walls)])].map((folder) => {
  const room = folder.split('/')[0];
  const forbidden = rooms.filter((other) => other !== room && !mayImport[room].includes(other));
  const patterns = [
    {
      regex: `(^|/)(${[...forbidden, 'NOTHING'].join('|')})/`,
      message: `src/${room} may import only from: ${mayImport[room].join(', ') || 'itself'}.`,
    },
    ...(['ui', 'state', 'data'].includes(room) ? [withoutTensors] : []),
    ...(walls[folder] ?? []),
  ];
  return {
    files: [`src/${folder}/**/*.{ts,tsx}`],
    ignores: ['**/*.test.ts', '**/*.test.tsx'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
  };
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'test-results/', 'playwright-report/', 'public/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: {
        project: ['core', 'worker', 'page', 'node'].map((name) => `./tsconfig.${name}.json`),
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // What follows says nothing of this code: short arrows return what they call, an interface asks for promises, values
      // from outside are looked at though their types are known, and no arrays at all is a record of nothing.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Typed arrays are indexed inside loops whose bounds are checked once at the border.
      '@typescript-eslint/no-non-null-assertion': 'off',
      eqeqeq: ['error', 'always'],
      'no-console': ['error', { allow: ['warn', 'error'] }],
    },
  },
  { files: ['**/*.{js,mjs}'], ...tseslint.configs.disableTypeChecked },
  // Vitest's matchers are `any`.
  { files: ['**/*.test.ts'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  {
    // Drivers are programs of their own.
    files: ['cli/**', 'scripts/**', 'bench/**', 'e2e/**', 'src/export/drivers/**', '*.config.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['src/ui/**/*.{ts,tsx}', 'src/main.tsx', 'gallery/**/*.tsx'],
    ...reactHooks.configs.flat.recommended,
  },
  {
    files: ['src/ui/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[arguments.length=0][callee.name=/^use(Backend|Clusters|Compare|Disagreement|Judges|Kept|Live|Names|Paper|Race|Run|Runs|Searches|Selection|Settings|Shown|Story|View|Waiting)$/]',
          message:
            'Read what is shown of a store, by a selector; whoever shows all of it says so (`all`).',
        },
      ],
    },
  },
  {
    files: ['src/state/**/*.ts'],
    ignores: ['**/*.test.ts', '**/testing.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['Program', 'Program > ExportNamedDeclaration'].map((parent) => ({
          selector: `${parent} > VariableDeclaration[kind="let"]`,
          message:
            'A file of src/state has no variable of its own: two scenes would share it. What changes belongs in a store, a ' +
            'scene or a lease.',
        })),
      ],
    },
  },
  ...direction,
);
