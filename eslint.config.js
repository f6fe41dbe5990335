/** The rules of the house. What they hold of the architecture is in `lint/arrows.js`. */
import stylistic from '@stylistic/eslint-plugin'
import { defineConfig, globalIgnores } from 'eslint/config'
import rxjs from 'eslint-plugin-rxjs-x'
import tseslint from 'typescript-eslint'
import { architecture, BANNED_OPERATORS } from './lint/arrows.js'
import { ownLines } from './lint/own-lines.js'

const PEER_IDS = ['Ed25519PeerId', 'RSAPeerId', 'Secp256k1PeerId', 'URLPeerId']
const MAX_FILE_LINES = 180
const MAX_OWN_LINES = 40

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'docs/api/', '**/*.generated.*']),
  {
    linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, rxjs.configs.strict],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        // CIDs, peer ids and multiaddrs print as people write them.
        { allowNumber: true, allow: ['CID', ...PEER_IDS, 'Multiaddr', 'Error', 'URL'] },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Ports, feeds and queues are closures: their methods have no `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // `noUncheckedIndexedAccess` cannot see that an index is in range.
      '@typescript-eslint/no-non-null-assertion': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      'no-else-return': 'error',
      'no-implicit-coercion': 'error',
      'no-param-reassign': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'prefer-template': 'error',
      'rxjs-x/ban-operators': [
        'error',
        Object.fromEntries(BANNED_OPERATORS.map((name) => [name, 'see docs/decisions.md'])),
      ],
      // Streams that never error are the rule here, and say so in their types' comments.
      'rxjs-x/no-ignored-error': 'off',
      'rxjs-x/no-ignored-subscription': 'error',
      'rxjs-x/throw-error': ['error', { allowThrowingAny: false, allowThrowingUnknown: true }],
      'rxjs-x/suffix-subjects': ['error', { suffix: '$' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { house: { rules: { 'own-lines': ownLines } } },
    rules: {
      'max-lines': ['error', { max: MAX_FILE_LINES }],
      'house/own-lines': ['error', MAX_OWN_LINES],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
    },
  },
  ...architecture,
  {
    files: ['src/cli/**/*.ts', 'bench/**/*.ts', 'examples/**/*.ts', 'marbles/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['{test,bench,examples,marbles}/**/*.ts'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      // A test subscribes to see what happens; nobody waits for the end of most of them.
      '@typescript-eslint/require-await': 'off',
      'rxjs-x/no-floating-observables': 'off',
      'rxjs-x/no-ignored-default-value': 'off',
      'rxjs-x/suffix-subjects': 'off',
      'rxjs-x/no-ignored-subscription': 'off',
    },
  },
  stylistic.configs.customize({
    indent: 2,
    quotes: 'single',
    semi: false,
    commaDangle: 'always-multiline',
    braceStyle: '1tbs',
    arrowParens: true,
    quoteProps: 'as-needed',
  }),
  {
    rules: {
      '@stylistic/max-len': [
        'error',
        { code: 100, ignoreUrls: true, ignorePattern: '^import |^\\s*(\\*|//).*`[^`]{60,}`' },
      ],
      '@stylistic/member-delimiter-style': 'off',
      '@stylistic/indent': [
        'error',
        2,
        // A curried stage, (deps) => (source$) => result$, does not step in once per arrow.
        { ignoredNodes: ['ArrowFunctionExpression > ArrowFunctionExpression.body'] },
      ],
      '@stylistic/operator-linebreak': [
        'error',
        'before',
        { overrides: { '=': 'after' } },
      ],
      '@stylistic/space-before-function-paren': ['error', 'always'],
      '@stylistic/generator-star-spacing': ['error', { before: true, after: true }],
      '@stylistic/max-statements-per-line': ['error', { max: 2 }],
    },
  },
)
