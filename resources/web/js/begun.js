// @ts-check
/** The page works: what it says to those for whom it does not goes, and support.js says nothing any more. */
export function begun() {
  document.body.dataset.begun = "yes";
  document.getElementById("starting")?.remove();
}
