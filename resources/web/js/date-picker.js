// @ts-check
/** The dialog to go to a date: a month of days, for pointer and keyboard. */

import { dayWriter } from "./date-time.js";
import { el, byId } from "./dom.js";
import { onKey } from "./keyboard.js";
import { userLocales } from "./locale.js";
import { addDays, addMonths, firstWeekday, isoOf, weeksOf } from "./calendar-month.js";
import { Sheet } from "./sheet.js";

const writeMonth = dayWriter({ month: "long", year: "numeric" });
const writeWeekday = dayWriter({ weekday: "long" });
const writeFully = dayWriter({ dateStyle: "full" });

export class DatePicker {
  #today = new Date();
  /** The day that the keyboard focus is on. */
  #day = this.#today;
  #first = firstWeekday(userLocales()[0]);

  /** @param {(time: number) => void} chosen called with the midnight of the chosen day, in ms since 1970 */
  constructor(chosen) {
    this.sheet = new Sheet(byId("date"));
    this.chosen = chosen;
    this.days = byId("date-days");
    this.later = /** @type {HTMLButtonElement} */ (byId("date-later"));
    byId("date-weekdays").append(...weeksOf(this.#today, this.#first)[0].map(weekday));
    byId("date-earlier").addEventListener("click", () => this.#show(addMonths(this.#day, -1)));
    this.later.addEventListener("click", () => this.#turnLater());
    byId("date-close").addEventListener("click", () => this.close());
    this.days.addEventListener("click", (click) => this.#clicked(/** @type {Element} */ (click.target)));
    onKey(this.days, (key) => this.#pressed(key));
  }

  /** @param {number} time within the day to start with */
  open(time) {
    this.#today = addDays(new Date(), 0);
    this.#show(new Date(time));
    this.sheet.open();
    this.#focus();
  }

  /** The day or the time zone has changed, in which the same days begin at other moments. */
  refreshToday() {
    const current = this.days.querySelector("[tabindex='0']");
    if (!current) return;
    const focused = current === document.activeElement;
    this.#today = addDays(new Date(), 0);
    this.#show(dayIn(current));
    if (focused) this.#focus();
  }

  close() {
    this.sheet.close();
  }

  /** Show the month of this day, at the latest today. @param {Date} day */
  #show(day) {
    this.#day = addDays(day > this.#today ? this.#today : day, 0);
    byId("date-month").textContent = writeMonth(this.#day);
    const rows = weeksOf(this.#day, this.#first).map((week) => el("tr", {}, ...week.map((it) => this.#cell(it))));
    this.days.replaceChildren(...rows);
    this.later.disabled = writeMonth(this.#day) === writeMonth(this.#today);
  }

  /** In the last month the button is disabled, and the focus moves to the days. */
  #turnLater() {
    this.#show(addMonths(this.#day, 1));
    if (this.later.disabled) this.#focus();
  }

  /** @param {Date} day */
  #cell(day) {
    const current = isoOf(day) === isoOf(this.#day);
    const today = isoOf(day) === isoOf(this.#today);
    const attributes = {
      role: "gridcell",
      class: day.getMonth() === this.#day.getMonth() ? "" : "other",
      "data-day": isoOf(day),
      "aria-current": today && "date",
      "aria-selected": String(current),
      "aria-disabled": day > this.#today && "true",
      tabindex: current ? 0 : -1,
    };
    return el("td", attributes, ...shortened(writeFully(day), String(day.getDate())));
  }

  #focus() {
    /** @type {HTMLElement | null} */ (this.days.querySelector("[tabindex='0']"))?.focus();
  }

  /** @param {KeyboardEvent} key */
  #pressed(key) {
    const wanted = this.#dayBy(key);
    const chooses = key.key === "Enter" || key.key === " ";
    if ((!wanted && !chooses) || key.ctrlKey || key.altKey || key.metaKey) return;
    key.preventDefault();
    if (!wanted) return this.#choose(this.#day);
    this.#show(wanted);
    return this.#focus();
  }

  /** The day that a key leads to; null for other keys. @param {KeyboardEvent} key */
  #dayBy({ key, shiftKey }) {
    const months = shiftKey ? 12 : 1;
    const place = (this.#day.getDay() - this.#first + 7) % 7;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, Home: -place, End: 6 - place };
    if (key in steps) return addDays(this.#day, steps[/** @type {keyof typeof steps} */ (key)]);
    if (key === "PageUp") return addMonths(this.#day, -months);
    return key === "PageDown" ? addMonths(this.#day, months) : null;
  }

  /** @param {Element} target */
  #clicked(target) {
    const cell = target.closest("td:not([aria-disabled])");
    if (cell) this.#choose(dayIn(cell));
  }

  /** @param {Date} day at midnight */
  #choose(day) {
    this.close();
    this.chosen(day.getTime());
  }
}

/** Midnight of the day in a cell. @param {Element} cell */
function dayIn(cell) {
  return new Date(`${cell.getAttribute("data-day")}T00:00`);
}

/** @param {Date} day */
function weekday(day) {
  const name = writeWeekday(day);
  return el("th", { scope: "col", abbr: name }, ...shortened(name, name.slice(0, 2)));
}

/**
 * A text for screen readers, and a short one to see. A label does not do: Orca reads the content of a cell.
 * @param {string} heard
 * @param {string} seen
 */
function shortened(heard, seen) {
  return [el("span", { class: "visually-hidden" }, heard), el("span", { "aria-hidden": "true" }, seen)];
}
