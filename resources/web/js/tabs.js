// @ts-check
/**
 * The tabs of one person in this browser: one of them notifies, and not of a room that any of them shows to the person.
 * They agree by locks of the browser, which end with their tab.
 */

/** Only over https, and on the host's own computer, where alone browsers show notifications. */
const HAS_LOCKS = "locks" in navigator;

const NOTHING = () => {};

export class Tabs {
  #place = "";
  #looking = "";
  #stopLooking = NOTHING;
  #stopNotifying = NOTHING;
  /** Whether this tab notifies. */
  notifies = !HAS_LOCKS;

  /** @param {() => void} begun this tab notifies from now on: the one that did so before has been closed */
  constructor(begun) {
    this.begun = begun;
  }

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
    this.#stopNotifying = place ? hold(`${place} notifies`, "exclusive", () => this.#begin()) : NOTHING;
  }

  /** The person looks at this room, or at none. @param {string} room */
  look(room) {
    const name = room && this.#place && this.#nameOf(room);
    if (name === this.#looking) return;
    this.#stopLooking();
    this.#looking = name;
    this.#stopLooking = name ? hold(name, "shared") : NOTHING;
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

  #begin() {
    this.notifies = true;
    this.begun();
  }
}

/**
 * Hold a lock as soon as it is free. The function that is returned gives it up, also while it is still waited for.
 * @param {string} name
 * @param {LockMode} mode
 * @param {() => void} held
 * @returns {() => void}
 */
function hold(name, mode, held = NOTHING) {
  const stopping = new AbortController();
  const stopped = new Promise((stop) => stopping.signal.addEventListener("abort", stop));
  const begin = () => {
    if (stopping.signal.aborted) return null;
    held();
    return stopped;
  };
  navigator.locks?.request(name, { mode }, begin).catch(NOTHING); // refused to a page that is going away
  return () => stopping.abort();
}
