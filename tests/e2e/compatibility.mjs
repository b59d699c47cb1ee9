// Compares the features that scripts and styles use with those of the supported browsers, by MDN's data.
//
//     node compatibility.mjs NODE_MODULES FOLDER
//
// prints, as JSON, one line for each use of a feature that one of these browsers lacks. A use is guarded, and allowed, in
// CSS behind @supports or after a declaration that older browsers understand, and in scripts as `name?.()` or `name?.of()`.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";

/** A feature of computers only, or of phones only, is not missing in the other: each browser has the keys of both. */
const BROWSERS = [
  { name: "Safari 15.4", version: 15.4, keys: ["safari", "safari_ios"] },
  { name: "Firefox 102", version: 102, keys: ["firefox", "firefox_android"] },
  { name: "Chrome 99", version: 99, keys: ["chrome", "chrome_android"] },
];
const [SAFARI] = BROWSERS;
const CLASSIC = "browser-support.js";
/** Features that older browsers ignore without harm. */
const ADORNMENTS = new Set([
  "@page",
  "@starting-style",
  "(forced-colors)",
  "(scripting)",
  "break-after: avoid",
  "contain-intrinsic-height",
  "content-visibility",
  "forced-color-adjust",
  "orphans",
  "overflow-anchor",
  "overscroll-behavior",
  "print-color-adjust",
  "scrollbar-color",
  "scrollbar-width",
  "text-size-adjust",
  "widows",
]);

/** Features for pages over HTTPS only, which the page does not have; MDN's data marks only some of them. */
const SECURE = new Set(
  ["caches", "clipboard", "locks", "mediaDevices", "randomUUID", "serviceWorker", "share", "subtle", "wakeLock"],
);
const DYNAMIC = /^[dsl]v(?:h|w|i|b|min|max)$/u;

const [modules, folder] = process.argv.slice(2);
const require = createRequire(join(modules, "index.js"));
const data = require("@mdn/browser-compat-data");
const ts = require("typescript");
const acorn = require("acorn");
const css = require("css-tree");

const found = [];
const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, name));
const scripts = files.filter((file) => file.endsWith(".js"));
const classic = scripts.filter((file) => file.endsWith(CLASSIC));

/** The browsers that lack a feature; none if the data does not know it. */
function lacking(feature) {
  const support = feature?.__compat?.support;
  if (!support) return [];
  return BROWSERS.filter(({ version, keys }) => !keys.some((key) => support[key] && has(support[key], version)));
}

function has(support, version) {
  return [support].flat().some((one) => {
    const added = parseFloat(String(one.version_added).replace("≤", ""));
    return !one.flags && !one.prefix && !one.alternative_name && added <= version;
  });
}

function report(file, line, what, browsers) {
  if (!browsers.length || ADORNMENTS.has(what)) return;
  found.push(`${relative(folder, file)}:${line} ${what} is missing in ${browsers.map(({ name }) => name).join(", ")}`);
}

const places = new Map();

/** All entries of this name below a node of the data. Each name is looked up once: most of them are used often. */
function everywhere(node, name, depth = 6) {
  const key = `${depth} ${name}`;
  if (!places.has(node)) places.set(node, new Map());
  const known = places.get(node);
  if (!known.has(key)) known.set(key, entriesOf(node, name, depth));
  return known.get(key);
}

function entriesOf(node, name, depth) {
  if (!node || typeof node !== "object" || !depth) return [];
  return Object.entries(node).flatMap(([key, below]) => {
    if (key === "__compat") return [];
    return [...(key === name && below.__compat ? [below] : []), ...entriesOf(below, name, depth - 1)];
  });
}

/** Of several features with one name any may be meant: it is missing only where all of them are. */
function lackingAll(features) {
  const lacks = features.map(lacking);
  return lacks.length && lacks.every((lack) => lack.length) ? lacks[0] : [];
}

// Syntax.

for (const file of scripts) {
  const old = classic.includes(file);
  const options = old ? { ecmaVersion: 5 } : { ecmaVersion: 2022, sourceType: "module" };
  try {
    acorn.parse(readFileSync(file, "utf8"), {
      ...options,
      locations: true,
      onToken: ({ type, value, loc }) => {
        if (type.label === "regexp" && /\(\?<[=!]/u.test(value.pattern)) {
          report(file, loc.start.line, "lookbehind", [SAFARI]);
        }
      },
    });
  } catch (error) {
    report(file, error.loc?.line ?? 0, `syntax (${error.message})`, BROWSERS);
  }
}

// Features that scripts call.

const program = ts.createProgram(scripts, {
  allowJs: true,
  checkJs: true,
  noEmit: true,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  target: ts.ScriptTarget.ESNext,
  lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
});
const checker = program.getTypeChecker();

for (const file of scripts) visit(program.getSourceFile(file), file);

function visit(node, file) {
  const used = usedBy(node);
  if (used) judge(node, file, used);
  if (ts.isClassStaticBlockDeclaration(node)) report(file, lineOf(node), "static block", [SAFARI]);
  if (ts.isCallExpression(node) && node.expression.name?.text === "addEventListener") judgeEvent(node, file);
  ts.forEachChild(node, (child) => visit(child, file));
}

function lineOf(node) {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
}

function usedBy(node) {
  if (ts.isPropertyAccessExpression(node)) {
    const { parent } = node;
    const guarded = (ts.isCallExpression(parent) || ts.isPropertyAccessExpression(parent)) && parent.questionDotToken;
    return guarded ? null : checker.getSymbolAtLocation(node.name);
  }
  if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
    return checker.getTypeAtLocation(node.parent).getProperty((node.propertyName ?? node.name).getText());
  }
  const isName = ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node.parent);
  return isName || (ts.isIdentifier(node) && node.parent.expression === node) ? checker.getSymbolAtLocation(node) : null;
}

function judge(node, file, symbol) {
  const declared = (symbol.declarations ?? []).filter((it) => /\/typescript\/lib\/lib\./u.test(it.getSourceFile().fileName));
  if (!declared.length) return;
  if (SECURE.has(symbol.name)) report(file, lineOf(node), symbol.name, [{ name: "pages over plain HTTP" }]);
  report(file, lineOf(node), symbol.name, lackingAll(declared.flatMap((it) => featuresOf(it, symbol.name))));
}

/** The data's name for a declaration in TypeScript's library. */
function featuresOf(declaration, name) {
  const owner = ownerOf(declaration);
  const { builtins } = data.javascript;
  if (!owner) return [data.api[name], builtins[name], builtins.Intl[name], data.api.Window[name]].filter(Boolean);
  const bare = owner.replace(/^Readonly|Constructor$/gu, "");
  const places = [data.api[bare], builtins[bare], builtins.Intl[bare]].filter(Boolean);
  const members = places.flatMap((place) => [place[name], place[`${name}_static`]]).filter(Boolean);
  return members.length || places.length ? members : everywhere(data.api, name, 2);
}

function ownerOf(declaration) {
  const { parent } = declaration;
  if (ts.isInterfaceDeclaration(parent)) return parent.name.text;
  return ts.isTypeLiteralNode(parent) && ts.isVariableDeclaration(parent.parent) ? parent.parent.name.text : "";
}

function judgeEvent(call, file) {
  const [name] = call.arguments;
  if (!name || !ts.isStringLiteral(name)) return;
  report(file, lineOf(call), `the event ${name.text}`, lackingAll(everywhere(data.api, `${name.text}_event`, 2)));
}

// Features that styles use.

for (const file of files.filter((name) => name.endsWith(".css"))) {
  const tree = css.parse(readFileSync(file, "utf8"), { positions: true, parseCustomProperty: true });
  judgeBlock(tree, file, null);
}

function judgeBlock(block, file, rule) {
  const declared = [];
  for (const node of block.children) {
    if (node.type === "Declaration") judgeDeclaration(node, file, declared);
    else if (node.type === "Rule") judgeRule(node, file, rule);
    else if (node.type === "Atrule") judgeAtrule(node, file, rule);
    else if (node.type === "Raw") report(file, node.loc.start.line, `syntax (${node.value})`, BROWSERS);
  }
}

function judgeRule(node, file, outer) {
  if (outer) report(file, node.loc.start.line, "nesting", lacking(data.css.selectors.nesting));
  css.walk(node.prelude, ({ type, name, loc }) => {
    if (!/^Pseudo/u.test(type) || name.startsWith("-")) return;
    report(file, loc?.start.line ?? node.loc.start.line, `:${name}`, lacking(data.css.selectors[name]));
  });
  judgeBlock(node.block, file, node);
}

function judgeAtrule(node, file, rule) {
  if (node.name === "supports") return;
  report(file, node.loc.start.line, `@${node.name}`, lacking(data.css["at-rules"][node.name]));
  if (node.prelude) judgeFeatures(node, file);
  if (node.block && node.name !== "keyframes") judgeBlock(node.block, file, rule);
}

function judgeFeatures(node, file) {
  css.walk(node.prelude, ({ type, name }) => {
    if (type === "FeatureRange") report(file, node.loc.start.line, "a range", [SAFARI]);
    if (type !== "Feature") return;
    const feature = data.css["at-rules"].media[name.replace(/^(min|max)-/u, "")];
    report(file, node.loc.start.line, `(${name})`, lacking(feature));
  });
}

function judgeDeclaration(node, file, declared) {
  const { property } = node;
  if (declared.includes(`-webkit-${property}`)) return;
  const lacks = property.startsWith("-") ? [] : lacking(data.css.properties[property]);
  report(file, node.loc.start.line, property, lacks);
  if (!lacks.length) judgeValue(node, file, declared.includes(property) && !css.generate(node).includes("var("));
  declared.push(property);
}

function judgeValue({ property, value, loc }, file, hasFallback) {
  if (hasFallback) return;
  css.walk(value, (part) => {
    report(file, loc.start.line, `${property}: ${part.name ?? part.unit}`, lackingAll(valuesOf(property, part)));
  });
}

function valuesOf(property, { type, name, unit }) {
  const { properties, types } = data.css;
  if (type === "Dimension") return DYNAMIC.test(unit) ? [dynamic(unit)] : everywhere(types.length, unit, 2);
  if (type === "Identifier") return [properties[property]?.[name]].filter(Boolean);
  return type === "Function" ? [properties[property]?.[name], ...everywhere(types, name, 4)].filter(Boolean) : [];
}

function dynamic(unit) {
  const kinds = { d: "dynamic", s: "small", l: "large" };
  return data.css.types.length[`viewport_percentage_units_${kinds[unit[0]]}`];
}

console.log(JSON.stringify(found));
