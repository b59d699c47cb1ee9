// @ts-check
/** The page works: what it says to those for whom it does not goes, and browser-support.js says nothing any more. */
export function markStarted() {
  document.body.dataset.started = "yes";
  document.getElementById("starting")?.remove();
}
