import "./approvals.js";
import "./dashboard/panel.js";
import "./film.js";
import "./model_card.js";
import "./notifications.js";
import "./tables.js";
import "./voice.js";

// Two things the page does not do by itself: the tab's title tells when work is going on, and a conversation that is
// opened again shows its latest message.
(() => {
  const NAME = "FreelanceX";
  const SETTLES_MS = 300;
  let shown = "";

  const tellBusy = () => {
    const busy = document.getElementById("stop-button") !== null;
    const title = busy ? `… ${NAME}` : NAME;
    if (document.title !== title) document.title = title;
  };

  const latest = () => [...document.querySelectorAll('[data-step-type="user_message"]')].at(-1);

  const showLatest = () => {
    const path = window.location.pathname;
    if (!path.startsWith("/thread/")) {
      shown = "";
    } else if (path !== shown && latest()) {
      shown = path;
      setTimeout(() => latest()?.scrollIntoView({ block: "start" }), SETTLES_MS);
    }
  };

  new MutationObserver(() => {
    tellBusy();
    showLatest();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
