import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import { configs as lit } from 'eslint-plugin-lit';
import { configs as wc } from 'eslint-plugin-wc';
import { configs as typescript } from 'typescript-eslint';

export default defineConfig(
  globalIgnores([
    'dist/',
    'site/',
    'coverage/',
    'examples/',
    '.gpu/',
    'test/*/types/',
    'src/types/*.d.ts',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        AbortSignal: 'readonly',
        URL: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        process: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [
      typescript.strictTypeChecked,
      typescript.stylisticTypeChecked,
      wc['flat/best-practice'],
      lit['flat/recommended'],
    ],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions', 'methods'] }],
      // Brackets tell names that come out of a file.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // An interface is no record: the maps of the protocol are types.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-this-alias': ['error', { allowedNames: ['element'] }],
      // `!` is banned, so a cast is the way to say it.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['describe', 'it', 'suite', 'test'] },
            // By its type `expect(…).to.equal(…)` of @open-wc/testing is a promise.
            'Equal',
          ],
        },
      ],
    },
  },
  {
    // Tests put the browser's own methods aside and back.
    files: ['test/**'],
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
);
