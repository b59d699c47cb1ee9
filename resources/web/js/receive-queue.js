// @ts-check
/**
 * Frames that have been received and wait to be processed. A browser delivers all available frames in a row and does
 * nothing else meanwhile; the queue processes them in short turns, however much a host sends.
 */

/** How long a turn lasts before the browser does other work, in ms: half a frame at 60 Hz. */
const TURN_LENGTH = 8;
/** The most that waits, in characters: twice the longest frame. */
const MOST_CHARS = 32 * 1024 * 1024;
/** Characters added for each frame, so that empty frames count, too. */
const FRAME_OVERHEAD = 100;
/**
 * More frames than this in the interval, in ms, leave a browser no time for its user, however short they are: 3,000 a
 * second, far more than any room has.
 */
const MOST_FRAMES = 15_000;
const FRAMES_INTERVAL = 5000;

export class ReceiveQueue {
  /** @type {{size: number, take: () => void}[]} */
  #waiting = [];
  #size = 0;
  /** When the turn ends; 0 between turns. */
  #turnEndsAt = 0;
  #channel = new MessageChannel();
  #frames = 0;
  #countedFrom = 0;

  constructor() {
    // In a hidden page timers are slow; messages are not.
    this.#channel.port1.onmessage = () => this.#continue();
  }

  /** Whether too much is waiting, or too many frames arrive. */
  get full() {
    return this.#size > MOST_CHARS || this.#frames > MOST_FRAMES;
  }

  /**
   * Process a frame, at once or when its turn comes.
   * @param {number} size in characters
   * @param {() => void} take
   */
  add(size, take) {
    const now = performance.now();
    if (now - this.#countedFrom > FRAMES_INTERVAL) [this.#frames, this.#countedFrom] = [0, now];
    this.#frames += 1;
    this.#waiting.push({ size: size + FRAME_OVERHEAD, take });
    this.#size += size + FRAME_OVERHEAD;
    if (!this.#turnEndsAt) this.#startTurn();
    if (this.#waiting.length === 1) this.#work();
  }

  /** Drop all waiting frames. */
  clear() {
    this.#waiting = [];
    this.#size = this.#frames = 0;
  }

  #startTurn() {
    this.#turnEndsAt = performance.now() + TURN_LENGTH;
    this.#channel.port2.postMessage(null);
  }

  #continue() {
    this.#turnEndsAt = 0;
    if (!this.#waiting.length) return;
    this.#startTurn();
    this.#work();
  }

  #work() {
    const waiting = this.#waiting;
    let done = 0;
    try {
      while (waiting === this.#waiting && done < waiting.length && performance.now() < this.#turnEndsAt) {
        const { size, take } = waiting[done];
        this.#size -= size;
        done += 1;
        take();
      }
    } finally {
      waiting.splice(0, done);
    }
  }
}
