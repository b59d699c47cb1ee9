// Parses an AsyncAPI document with the project's own parser:
//
//     node check_asyncapi.mjs NODE_MODULES DOCUMENT
//
// prints, as JSON, what it complains of, and which messages each operation has.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [modules, file] = process.argv.slice(2);
const { Parser } = createRequire(`${modules}/`)("@asyncapi/parser");

const { document, diagnostics } = await new Parser().parse(readFileSync(file, "utf8"));
const operations = document?.operations().all() ?? [];
process.stdout.write(
  JSON.stringify({
    complaints: diagnostics.map(({ code, message, path }) => `${code} at ${path.join("/")}: ${message}`),
    operations: Object.fromEntries(
      operations.map((operation) => [operation.action(), operation.messages().all().map((message) => message.name())]),
    ),
  }),
);
