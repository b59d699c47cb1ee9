// @ts-check
/** Which emoji somebody has used last in this browser, and in which skin tone. */

import { SKIN_TONES } from "./emoji-list.js";
import * as storage from "./storage.js";

/** Two rows of the picker. */
const MOST_RECENT = 16;
/** Shown behind one's own, until there are enough of these. */
const USUAL = ["👍", "🎉", "❤️", "😂", "🙏", "✅", "👀", "🔧"];

/** The number of the skin tone. */
export function skinTone() {
  const { tone } = storage.loadEmojiHabits();
  return tone < SKIN_TONES.length ? tone : 0;
}

/** @param {number} tone */
export function setSkinTone(tone) {
  storage.saveEmojiHabits({ ...storage.loadEmojiHabits(), tone });
}

/** The emoji used last, newest first and in their tone, and usual ones behind them. */
export function recentEmoji() {
  return [...new Set([...storage.loadEmojiHabits().recent, ...USUAL])].slice(0, MOST_RECENT);
}

/** @param {string} emoji has been used now */
export function useEmoji(emoji) {
  const habits = storage.loadEmojiHabits();
  const recent = [emoji, ...habits.recent.filter((other) => other !== emoji)].slice(0, MOST_RECENT);
  storage.saveEmojiHabits({ ...habits, recent });
}
