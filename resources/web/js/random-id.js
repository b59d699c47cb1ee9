// @ts-check
/**
 * A random id of 96 bits in hexadecimal: enough that no two messages of a room have the same. Over plain HTTP there is
 * no `crypto.randomUUID`.
 */
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
