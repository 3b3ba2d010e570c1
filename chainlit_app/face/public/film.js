// A time in an answer leads into the film: the player that holds it goes there and plays, instead of a new tab.
//
// [1:15](/api/v1/files/<id>#t=75) ──▶ video with that source? ── yes ─▶ seek, play, show
//                                                             └─ no ──▶ the browser opens the file at that time

const LINK = /\/api\/v1\/files\/([\w-]+)#t=(\d+)$/;

const playerOf = (file) =>
  [...document.querySelectorAll("video, audio")].find((one) => (one.currentSrc || one.src).includes(`/files/${file}`));

function lead(event) {
  const link = event.target instanceof Element && event.target.closest("a[href*='#t=']");
  const found = link && LINK.exec(link.getAttribute("href"));
  const player = found && playerOf(found[1]);
  if (!player || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  player.currentTime = Number(found[2]);
  player.scrollIntoView({ block: "center", behavior: "smooth" });
  player.play().catch(() => {
    // the browser does not let it start by itself; it stands at the right time
  });
}

document.addEventListener("click", lead, true);
