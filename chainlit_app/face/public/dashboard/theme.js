// The chat's theme, or the system's, before anything is painted; and again as soon as either changes.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const tell = () => {
    const chosen = localStorage.getItem("vite-ui-theme");
    const dark = chosen === "dark" || (chosen !== "light" && system.matches);
    const theme = dark ? "dark" : "light";
    if (document.documentElement.dataset.theme === theme) return;
    document.documentElement.dataset.theme = theme;
    window.dispatchEvent(new Event("themed"));
  };
  tell();
  system.addEventListener("change", tell);
  window.addEventListener("storage", tell);
  if (window.self !== window.top) document.documentElement.dataset.framed = "";
})();
