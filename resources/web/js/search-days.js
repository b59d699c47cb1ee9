// @ts-check
/**
 * The days of a search, as the person who searches means them: in their own time zone, wherever the host is. The window
 * has the same in `client/search_days.py`.
 */

/** The longest query that hosts accept, in characters. */
const QUERY_CHARS = 200;
const DAY = /(^|\s)(before|after)([:：])(\d{4})-(\d{2})-(\d{2})(?!\S)/giu;

/**
 * A query whose `before:` and `after:` a day say the moment at which it begins, or is over, here. What is no day stays,
 * for the host to explain; so does all of a query that would become too long.
 * @param {string} query
 */
export function withOwnDays(query) {
  const absolute = query.replace(DAY, (all, space, key, colon, ...numbers) => {
    const [year, month, day] = numbers.slice(0, 3).map(Number);
    const moment = new Date(2000, 0, 1);
    moment.setFullYear(year, month - 1, day);
    if (!year || moment.getMonth() !== month - 1 || moment.getDate() !== day) return all;
    if (key.toLowerCase() === "after") moment.setDate(day + 1);
    if (moment.getFullYear() > 9999) return all;
    return `${space}${key}${colon}${moment.toISOString().replace(".000Z", "Z")}`;
  });
  return Array.from(absolute).length <= QUERY_CHARS ? absolute : query;
}
