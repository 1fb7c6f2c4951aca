import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/**
 * Imports point one way: ui → state → engine → methods → network, data → core.
 * `engine/client` runs where the page runs, `engine/worker` in a compute worker: neither imports the other;
 * what both must know is in `engine/protocol.ts`.
 */
const rooms = ['core', 'data', 'network', 'methods', 'engine', 'state', 'ui'];
const mayImport = {
  core: [],
  data: ['core'],
  network: ['core'],
  methods: ['core', 'network'],
  engine: ['core', 'data', 'network', 'methods'],
  state: ['core', 'data', 'network', 'methods', 'engine'],
  ui: ['core', 'data', 'network', 'methods', 'engine', 'state'],
};

const direction = rooms.map((room) => {
  const forbidden = rooms.filter((other) => other !== room && !mayImport[room].includes(other));
  const patterns = [
    {
      regex: `(^|/)(${[...forbidden, 'NOTHING'].join('|')})/`,
      message: `src/${room} may import only from: ${mayImport[room].join(', ') || 'itself'}.`,
    },
  ];
  if (room === 'core') {
    patterns.push({ regex: '^[^.]', message: 'src/core depends on nothing outside itself.' });
  }
  if (room === 'ui' || room === 'state' || room === 'data') {
    patterns.push({
      regex: '^@tensorflow/',
      message: 'Tensors stay in network, methods and engine.',
    });
  }
  return {
    files: [`src/${room}/**/*.{ts,tsx}`],
    ignores: ['**/*.test.ts', '**/*.test.tsx'],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'test-results/', 'playwright-report/', 'public/'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Typed arrays are indexed inside loops whose bounds are checked once at the border.
      '@typescript-eslint/no-non-null-assertion': 'off',
      eqeqeq: ['error', 'always'],
      'no-console': ['error', { allow: ['warn', 'error'] }],
    },
  },
  {
    files: ['cli/**', 'scripts/**', 'bench/**', 'e2e/**', '*.config.ts'],
    rules: { 'no-console': 'off' },
  },
  { files: ['src/ui/**/*.{ts,tsx}', 'src/main.tsx'], ...reactHooks.configs.flat.recommended },
  ...direction,
);
