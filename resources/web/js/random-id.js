// @ts-check
/** A name for a message that nobody else picks. Plain http has no `crypto.randomUUID`. */
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
