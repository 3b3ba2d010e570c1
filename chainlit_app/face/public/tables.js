// Tables of answers on a phone: each cell bears its column's name, so that the style sheet can make a row a small card.

const NARROW = window.matchMedia("(max-width: 640px)");
let asked = 0;

function label() {
  asked = 0;
  for (const table of document.querySelectorAll(".message-content table")) {
    const names = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
    for (const row of table.querySelectorAll("tbody tr")) {
      [...row.cells].forEach((cell, place) => {
        const name = names[place] ? `${names[place]}: ` : "";
        if (cell.dataset.label !== name) cell.dataset.label = name;
      });
    }
  }
}

/** Once for all that changes between two frames. */
function soon() {
  if (NARROW.matches && !asked) asked = requestAnimationFrame(label);
}

new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true });
NARROW.addEventListener("change", soon);
soon();
