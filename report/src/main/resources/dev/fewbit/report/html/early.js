// Before anything is drawn: mark that scripts run, and apply the colours asked for.
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  let theme = new URLSearchParams(location.hash.slice(1)).get("theme");
  if (!theme) {
    try {
      theme = localStorage.getItem("fewbit-theme");
    } catch {
      // Some browsers keep no storage for files; the reader's system preference holds then.
    }
  }
  if (theme === "dark" || theme === "light") {
    root.dataset.theme = theme;
  }
})();
