// @ts-check
/**
 * The room in the page's address: `#plans`, or `#plans/12` for a message in it. Each room that is shown is a step in
 * the browser's history, so that its back button returns to the one before.
 *
 * @typedef {{room: string, seq: number}} Place `seq` is 0 for none
 */

export class RoomAddress {
  /** The address that was followed or written last. */
  #known = "";
  /** The address to write as soon as the step of a sheet is gone; empty for none. */
  #due = "";

  /** @param {() => void} changed the address names another place: somebody has gone back, or followed a link */
  constructor(changed) {
    window.addEventListener("popstate", () => {
      if (this.#due) this.#write();
      else if (location.hash !== this.#known) changed();
    });
  }

  /** The place that the address names, which is followed by that; null if it names none. @returns {Place | null} */
  follow() {
    this.#known = location.hash;
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
  put(room) {
    const address = `#${room.startsWith("@") ? room : encodeURIComponent(room)}`;
    if (this.#known.split("/")[0] === address) return;
    this.#due = address;
    // A sheet has its own step, which goes when the sheet does.
    if (!history.state?.sheet) this.#write();
  }

  #write() {
    const address = this.#due;
    this.#due = "";
    try {
      if (this.#known) history.pushState(null, "", address);
      else history.replaceState(history.state, "", address);
    } catch {
      return; // Safari and Firefox refuse what a held key asks of them: so many steps within seconds
    }
    this.#known = address;
  }
}
