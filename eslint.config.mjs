import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const PURE_LIBS = [
  'libs/errors/src/**/*.ts',
  'libs/media/src/**/*.ts',
  'libs/archive/src/**/*.ts',
  'libs/pipeline/src/**/*.ts',
];
const TESTS = ['**/*.spec.ts', '**/*.e2e.ts', '**/*.bench.ts', 'test/**/*.ts', 'libs/testkit/**/*.ts'];

export default tseslint.config(
  { ignores: ['dist/', 'dist.*/', 'node_modules/', 'data/', 'clips/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        module: 'writable',
        require: 'readonly',
        URL: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      // A member that is taken out so that the rest stays is used by that.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Name what you export (style: no default exports).',
        },
      ],
      // minio-js 8.0.7: wrong bytes, swallowed errors; see libs/object-store/src/multipart.ts for what to use.
      'no-restricted-properties': [
        'error',
        { property: 'composeObject', message: 'It ignores ranges: use ObjectStore.copyPart.' },
        { property: 'copyObject', message: 'It copies whole objects unescaped: use ObjectStore.copyPart.' },
      ],
      complexity: ['error', 12],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Nest reads constructor parameter types at run time: a type-only import would erase them.
    files: ['apps/**/*.ts', 'libs/service-kit/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    // A pure lib gets time, chance and settings as arguments, so that every result can be repeated.
    files: PURE_LIBS,
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Take the time as an argument.' },
        { object: 'Math', property: 'random', message: 'Take chance as an argument.' },
        { object: 'process', property: 'env', message: 'Take settings as arguments.' },
      ],
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'fetch'],
    },
  },
  {
    files: TESTS,
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines-per-function': 'off',
    },
  },
);
