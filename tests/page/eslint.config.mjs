// The faults that ESLint looks for in the page's scripts, beside TypeScript's. `tests/checks.py` runs it.

import { createRequire } from "node:module";

const require = createRequire(new URL("../../.cache/node/", import.meta.url));
const { configs } = require("@eslint/js");

const FAULTS = {
  ...configs.recommended.rules,
  "array-callback-return": "error",
  "default-case-last": "error",
  eqeqeq: "error",
  "max-len": ["error", { code: 120, ignoreRegExpLiterals: true }],
  "no-await-in-loop": "error",
  "no-console": "error",
  "no-constructor-return": "error",
  "no-else-return": "error",
  "no-eval": "error",
  "no-extend-native": "error",
  "no-implicit-coercion": "error",
  "no-implicit-globals": "error",
  "no-implied-eval": "error",
  "no-lonely-if": "error",
  "no-loop-func": "error",
  "no-new": "error",
  "no-param-reassign": "error",
  "no-return-assign": ["error", "except-parens"],
  "no-self-compare": "error",
  "no-sequences": "error",
  "no-shadow": "error",
  "no-template-curly-in-string": "error",
  "no-throw-literal": "error",
  "no-unmodified-loop-condition": "error",
  "no-unneeded-ternary": "error",
  "no-unreachable-loop": "error",
  "no-unused-expressions": ["error", { allowTernary: true }],
  "no-unused-vars": ["error", { args: "all", argsIgnorePattern: "^_" }],
  "no-use-before-define": ["error", { functions: false, variables: false }],
  "no-useless-assignment": "error",
  "no-useless-computed-key": "error",
  "no-useless-rename": "error",
  "no-useless-return": "error",
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
  "require-await": "error",
  "require-unicode-regexp": "error",
  // Types are to be true: nothing is hidden from TypeScript.
  "no-warning-comments": [
    "error",
    { terms: ["@ts-ignore", "@ts-nocheck", "@ts-expect-error", "{any}", "<any>", "any[]"], location: "anywhere" },
  ],
  // TypeScript finds these.
  "no-undef": "off",
  "no-unused-private-class-members": "off",
  // Patterns name control characters, and marks apart from any letter, to clean texts of them.
  "no-control-regex": "off",
  "no-misleading-character-class": "off",
};

export default [
  {
    files: ["resources/web/js/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module" },
    linterOptions: { noInlineConfig: true },
    rules: FAULTS,
  },
  {
    // Runs in browsers of every age, before anything else: the language of 2009.
    files: ["resources/web/js/browser-support.js"],
    languageOptions: { ecmaVersion: 5, sourceType: "script" },
    rules: { "no-var": "off", "object-shorthand": "off", "require-unicode-regexp": "off" },
  },
];
