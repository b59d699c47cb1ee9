// @ts-check
/**
 * Decoders of untrusted values, such as the fields of an event. A decoder returns a value of its type, with known
 * fields only, or throws InvalidValue.
 *
 * @template T
 * @typedef {(value: unknown) => T} Decoder gets undefined for a missing value
 */

/** A value is invalid. The message names what it is, in words for people; empty if it only has a wrong type. */
export class InvalidValue extends Error {}

/**
 * A string with so many characters, counted in code points as by the host.
 * @param {number} most
 * @param {number} [fewest]
 * @returns {Decoder<string>}
 */
export function text(most, fewest = 0) {
  return (value) => {
    if (typeof value !== "string") throw new InvalidValue();
    if (value.length < fewest) throw new InvalidValue();
    // Counting is slow, and only matters with characters of two code units.
    if (value.length > most && (value.length > 2 * most || Array.from(value).length > most)) {
      throw new InvalidValue("a text that is too long to be shown");
    }
    return value;
  };
}

/**
 * An integer that JavaScript represents exactly.
 * @param {number} least
 * @returns {Decoder<number>}
 */
export function integer(least) {
  return (value) => {
    if (!Number.isSafeInteger(value) || /** @type {number} */ (value) < least) throw new InvalidValue();
    return /** @type {number} */ (value);
  };
}

/** A finite number. @param {unknown} value */
export function number(value) {
  if (!Number.isFinite(value)) throw new InvalidValue();
  return /** @type {number} */ (value);
}

/** The first and the last millisecond of the years 1 and 9999, in ms since 1970: Python's calendar has no others. */
const FIRST_TIME = -62_135_596_800_000;
const LAST_TIME = 253_402_300_799_999;

/** A time in milliseconds since 1970. @param {unknown} value */
export function time(value) {
  const moment = /** @type {number} */ (value);
  if (typeof value !== "number" || !(moment >= FIRST_TIME && moment <= LAST_TIME))
    throw new InvalidValue("times that are none");
  return moment;
}

/** @param {unknown} value */
export function boolean(value) {
  if (typeof value !== "boolean") throw new InvalidValue();
  return value;
}

/**
 * @template T, Other
 * @param {Decoder<T>} read
 * @param {Other} otherwise for a missing value or null
 * @returns {Decoder<T | Other>}
 */
export function optional(read, otherwise) {
  return (value) => (value === undefined || value === null ? otherwise : read(value));
}

/**
 * @template T
 * @param {Decoder<T>} read
 * @param {number} most
 * @returns {Decoder<T[]>}
 */
export function list(read, most) {
  return (value) => {
    if (!Array.isArray(value)) throw new InvalidValue();
    if (value.length > most) throw new InvalidValue("too much at once");
    return value.map(read);
  };
}

/**
 * The first elements of a list of any length.
 * @template T
 * @param {Decoder<T>} read
 * @param {number} most
 * @returns {Decoder<T[]>}
 */
export function firstOf(read, most) {
  const all = list(read, most);
  return (value) => all(Array.isArray(value) ? value.slice(0, most) : value);
}

/**
 * An object with these fields. Other fields are dropped; fields that are only in the prototype count as missing.
 * @template {Record<string, Decoder<unknown>>} Fields
 * @param {Fields} fields
 * @returns {Decoder<{[Name in keyof Fields]: ReturnType<Fields[Name]>}>}
 */
export function object(fields) {
  const readers = Object.entries(fields);
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new InvalidValue();
    /** @type {Record<string, unknown>} */
    const known = {};
    for (const [name, read] of readers) known[name] = read(ownValue(value, name));
    return /** @type {{[Name in keyof Fields]: ReturnType<Fields[Name]>}} */ (known);
  };
}

/**
 * @param {object} holder
 * @param {string} name
 * @returns {unknown} undefined if the object has no own property of this name
 */
function ownValue(holder, name) {
  return Object.hasOwn(holder, name) ? /** @type {Record<string, unknown>} */ (holder)[name] : undefined;
}

/**
 * Decode a value; return `otherwise` if it is invalid.
 * @template T, Other
 * @param {Decoder<T>} decode
 * @param {unknown} value
 * @param {Other} otherwise
 * @returns {T | Other}
 */
export function decodeOr(decode, value, otherwise) {
  try {
    return decode(value);
  } catch (error) {
    if (error instanceof InvalidValue) return otherwise;
    throw error;
  }
}
