// @ts-check
/**
 * The room in the page's address: `#plans`, or `#plans/12` for a message in it. Each room that is shown is a step in
 * the browser's history, so that its back button returns to the one before.
 */

/** @typedef {{room: string, seq: number}} Place `seq` is 0 for none */

/** The place that the address names; null if it names none. @returns {Place | null} */
export function placeInAddress() {
  const [room, seq = ""] = location.hash.slice(1).split("/");
  if (!room) return null;
  try {
    return { room: decodeURIComponent(room), seq: /^[0-9]{1,15}$/u.test(seq) ? Number(seq) : 0 };
  } catch {
    return null;
  }
}

/**
 * Write the shown room into the address.
 * @param {string} room
 */
export function putIntoAddress(room) {
  if (placeInAddress()?.room === room) return;
  const address = `#${room.startsWith("@") ? room : encodeURIComponent(room)}`;
  const step = () => history.pushState(null, "", address);
  // A sheet has its own step, which goes when the sheet does.
  if (history.state?.sheet) window.addEventListener("popstate", step, { once: true });
  else if (placeInAddress()) step();
  else history.replaceState(history.state, "", address);
}
