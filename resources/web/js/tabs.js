// @ts-check
/**
 * The tabs of one person in this browser: one of them notifies, and not of a room that any of them shows to the person.
 * They agree by locks of the browser, which end with their tab.
 */

/** Only over https, and on the host's own computer, where alone browsers show notifications. */
const HAS_LOCKS = "locks" in navigator;

export class Tabs {
  #place = "";
  #looking = "";
  #stopLooking = () => {};
  #stopNotifying = () => {};
  /** Whether this tab notifies. */
  notifies = !HAS_LOCKS;

  /**
   * The tab belongs to this person from now on. An empty place: to nobody.
   * @param {string} place what is different for each server and person
   */
  enter(place) {
    if (place === this.#place) return;
    this.look("");
    this.#stopNotifying();
    this.#place = place;
    this.notifies = !HAS_LOCKS;
    if (place) this.#hold(`${place} notifies`, {}, () => place === this.#place, (stop) => this.#begin(stop));
  }

  /** The person looks at this room, or at none. @param {string} room */
  look(room) {
    const name = room && this.#place && this.#nameOf(room);
    if (name === this.#looking) return;
    this.#stopLooking();
    this.#stopLooking = () => {};
    this.#looking = name;
    const shared = { mode: /** @type {const} */ ("shared") };
    if (name) this.#hold(name, shared, () => name === this.#looking, (stop) => (this.#stopLooking = stop));
  }

  /** Which of these rooms the person looks at, in whatever tab. @param {string[]} rooms */
  async lookedAt(rooms) {
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    const names = new Set(held.map(({ name }) => name));
    return new Set(rooms.filter((room) => names.has(this.#nameOf(room))));
  }

  /** @param {string} room */
  #nameOf(room) {
    return `${this.#place} looks at ${room}`;
  }

  /** @param {() => void} stop */
  #begin(stop) {
    this.notifies = true;
    this.#stopNotifying = () => {
      stop();
      this.#stopNotifying = () => {};
    };
  }

  /**
   * Hold a lock as soon as it is free, if it is still wanted then.
   * @param {string} name
   * @param {LockOptions} options
   * @param {() => boolean} isWanted
   * @param {(stop: () => void) => void} held
   */
  #hold(name, options, isWanted, held) {
    const hold = () => (isWanted() ? new Promise((stop) => held(() => stop(null))) : null);
    navigator.locks?.request(name, options, hold).catch(() => {}); // refused to a page that is going away
  }
}
