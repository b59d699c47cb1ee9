// @ts-check
/**
 * What has come over a connection and is taken in, a little at a time: a browser hands over all that is there at once,
 * and does nothing else meanwhile, however much a host sends.
 */

/** How long work goes on before others have their turn, in ms. */
const TURN_LENGTH = 8;
/** More than this is not kept waiting, in characters; an event counts as some more. */
const MOST_CHARS = 32 * 1024 * 1024;
const FRAME_OVERHEAD = 100;
/** Of more frames than these in so many ms, their number alone leaves a browser no time for its user. */
const MOST_FRAMES = 15_000;
const FRAMES_INTERVAL = 5000;

export class ReceiveQueue {
  /** @type {{size: number, take: () => void}[]} */
  #waiting = [];
  #size = 0;
  /** Until when work may go on; 0 between two turns. */
  #turnEndsAt = 0;
  #channel = new MessageChannel();
  #frames = 0;
  #countedFrom = 0;

  constructor() {
    // A timer would be slow in a page that nobody sees.
    this.#channel.port1.onmessage = () => this.#continue();
  }

  /** Whether no more can be kept, or more comes than leaves time for anything else. */
  get full() {
    return this.#size > MOST_CHARS || this.#frames > MOST_FRAMES;
  }

  /**
   * Take this in, at once or when its turn comes.
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

  /** Nothing of it counts any more. */
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
