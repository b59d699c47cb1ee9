// @ts-check
/**
 * Decodes the tree of a message, by the rules that all clients share (chatdesk/client/body_validation.py): a host that
 * is not trusted must neither freeze the page nor lead people astray.
 *
 * @typedef {{type: "paragraph", content: Inline[]}} Paragraph
 * @typedef {{type: "code", text: string, language: string, spans: [length: number, kind: string][]}} CodeBlock `spans`
 *   count code points
 * @typedef {{type: "quote", blocks: Block[]}} Quote
 * @typedef {{type: "list", items: Block[][], ordered: boolean, start: number}} List
 * @typedef {{type: "table", align: string[], head: Inline[][], rows: Inline[][][]}} Table
 * @typedef {Paragraph | CodeBlock | Quote | List | Table} Block
 * @typedef {{type: "strong" | "emphasis" | "strike", content: Inline[]}} Styled
 * @typedef {{type: "link", url: string, content: Inline[]}} Link
 * @typedef {{type: "mention", name: string, author: string}} Mention
 * @typedef {string | Styled | {type: "code", text: string} | Link | Mention | {type: "break"}} Inline
 */

import { boolean, integer, InvalidValue, list, object, optional, text } from "./decoders.js";
import { isLink } from "./markup-rules.js";

/** Pieces within pieces, at most. */
const MOST_DEPTH = 20;
/** Four times what a ChatDesk makes of the densest text. */
const MOST_PIECES = 10_000;
/** Four times the longest content, in code units: a link has its address beside its words. */
const MOST_CHARS = 64_000;
const ALIGNMENTS = ["", "left", "right", "center"];
const KINDS = ["", "keyword", "string", "comment", "number"];
const NOT_DRAWABLE = "a text that cannot be drawn";

const anyText = text(MOST_CHARS);
const anyList = list((value) => value, MOST_PIECES);
const typed = object({ type: text(32) });
const paragraph = object({ content: anyList });
const code = object({ text: anyText, language: optional(anyText, ""), spans: optional(anyList, []) });
const quote = object({ blocks: anyList });
const items = object({ items: anyList, ordered: optional(boolean, false), start: optional(integer(0), 1) });
const table = object({ align: list(oneOf(ALIGNMENTS), MOST_PIECES), head: anyList, rows: anyList });
const codeSpan = object({ text: anyText });
const link = object({ url: anyText, content: anyList });
const mention = object({ name: anyText, author: anyText });

/** Decodes one tree, and counts what it has. */
class BodyDecoder {
  #pieces = MOST_PIECES;
  #chars = MOST_CHARS;

  /**
   * @param {unknown} value
   * @param {number} depth
   * @returns {Block[]}
   */
  blocks(value, depth) {
    return anyList(value).map((it) => this.#block(it, depth));
  }

  /**
   * @param {unknown} value
   * @param {number} depth
   * @returns {Block}
   */
  #block(value, depth) {
    const { type } = typed(value);
    this.#spend(0, depth);
    switch (type) {
      case "paragraph":
        return { type, content: this.#inline(paragraph(value).content, depth + 1) };
      case "code":
        return this.#code(value);
      case "quote":
        return { type, blocks: this.blocks(quote(value).blocks, depth + 1) };
      case "list":
        return this.#list(value, depth);
      case "table":
        return this.#table(value, depth);
      default:
        throw new InvalidValue(NOT_DRAWABLE);
    }
  }

  /** @param {unknown} value @returns {CodeBlock} */
  #code(value) {
    const it = code(value);
    this.#spend(it.text.length + it.language.length + it.spans.length);
    const spans = it.spans.map(decodeSpan);
    if (spans.reduce((sum, [length]) => sum + length, 0) > it.text.length) throw new InvalidValue(NOT_DRAWABLE);
    return { type: "code", text: it.text, language: it.language, spans };
  }

  /**
   * @param {unknown} value
   * @param {number} depth
   * @returns {List}
   */
  #list(value, depth) {
    const it = items(value);
    this.#spend(it.items.length);
    return { ...it, type: "list", items: it.items.map((item) => this.blocks(item, depth + 1)) };
  }

  /**
   * @param {unknown} value
   * @param {number} depth
   * @returns {Table}
   */
  #table(value, depth) {
    const { align, head, rows } = table(value);
    const all = [head, ...rows.map(anyList)];
    this.#spend(align.length * all.length);
    if (all.some((row) => row.length !== align.length)) throw new InvalidValue(NOT_DRAWABLE);
    const [first, ...others] = all.map((row) => row.map((cell) => this.#inline(anyList(cell), depth + 1)));
    return { type: "table", align, head: first, rows: others };
  }

  /**
   * @param {unknown[]} content
   * @param {number} depth
   */
  #inline(content, depth) {
    return content.map((it) => this.#piece(it, depth));
  }

  /**
   * @param {unknown} value
   * @param {number} depth
   * @returns {Inline}
   */
  #piece(value, depth) {
    this.#spend(typeof value === "string" ? value.length : 0, depth);
    if (typeof value === "string") return value;
    const { type } = typed(value);
    switch (type) {
      case "strong":
      case "emphasis":
      case "strike":
        return { type, content: this.#inline(paragraph(value).content, depth + 1) };
      case "code":
        return { type, text: this.#text(codeSpan(value).text) };
      case "link":
        return this.#link(value, depth);
      case "mention": {
        const { name, author } = mention(value);
        return { type, name: this.#text(name), author: this.#text(author) };
      }
      case "break":
        return { type };
      default:
        throw new InvalidValue(NOT_DRAWABLE);
    }
  }

  /**
   * @param {unknown} value
   * @param {number} depth
   * @returns {Link}
   */
  #link(value, depth) {
    const { url, content } = link(value);
    if (!isLink(this.#text(url))) throw new InvalidValue(NOT_DRAWABLE);
    return { type: "link", url, content: this.#inline(content, depth + 1) };
  }

  /** @param {string} words */
  #text(words) {
    this.#spend(words.length);
    return words;
  }

  /**
   * @param {number} chars
   * @param {number} [depth] of a piece
   */
  #spend(chars, depth = 0) {
    if (depth) this.#pieces -= 1;
    this.#chars -= chars;
    if (this.#pieces < 0 || this.#chars < 0 || depth > MOST_DEPTH) throw new InvalidValue(NOT_DRAWABLE);
  }
}

/**
 * @param {unknown} value
 * @returns {Block[]}
 */
export function decodeBody(value) {
  return new BodyDecoder().blocks(value, 1);
}

/** @param {unknown} value @returns {[number, string]} */
function decodeSpan(value) {
  const [length, kind] = anyList(value);
  return [integer(1)(length), oneOf(KINDS)(kind)];
}

/** @param {string[]} words */
function oneOf(words) {
  /** @param {unknown} value */
  return (value) => {
    const word = anyText(value);
    if (!words.includes(word)) throw new InvalidValue(NOT_DRAWABLE);
    return word;
  };
}
