// The page's title follows the conversation's state; everything else is Chainlit's.
(() => {
  const name = "FreelanceX";
  const update = () => {
    const busy = document.getElementById("stop-button") !== null;
    const title = busy ? `… ${name}` : name;
    if (document.title !== title) document.title = title;
  };
  new MutationObserver(update).observe(document.documentElement, { childList: true, subtree: true });
})();
