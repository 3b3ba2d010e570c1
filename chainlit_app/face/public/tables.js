// Tables of answers on a phone: one that is too wide, or whose cells run over many lines, becomes a list of small cards.
// Each cell bears its column's name, which the style sheet puts in front of it.

const NARROW = window.matchMedia("(max-width: 640px)");
const TALL = 110; // pixels from which on a row is hard to read across
const LONG = 24; // characters from which on a cell gets a line of its own
let asked = 0;

function look() {
  asked = 0;
  for (const table of document.querySelectorAll(".message-content table")) {
    if (!("cards" in table.dataset) && !tight(table)) continue;
    table.dataset.cards = "";
    const names = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
    for (const row of table.querySelectorAll("tbody tr")) {
      [...row.cells].forEach((cell, place) => {
        cell.dataset.label = names[place] ? `${names[place]}: ` : "";
        cell.toggleAttribute("data-long", cell.textContent.length > LONG);
      });
    }
  }
}

function tight(table) {
  return table.scrollWidth > table.parentElement.clientWidth + 1 || [...table.rows].some((row) => row.offsetHeight > TALL);
}

/** Once for all that changes between two frames. */
function soon() {
  if (NARROW.matches && !asked) asked = requestAnimationFrame(look);
}

new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true });
NARROW.addEventListener("change", soon);
soon();
