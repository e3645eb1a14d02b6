/* The entrance: theme and language as chosen before. It is loaded by the pages of the screens as well, where it does nothing. */
(function () {
  "use strict";

  const THEME = "boshu-theme";
  const YEAR_S = 31536000;

  function wear(name) {
    const isLight = name === "system" ? window.matchMedia("(prefers-color-scheme: light)").matches : name === "light";
    document.documentElement.dataset.theme = isLight ? "light" : "dark";
  }

  function begin(root) {
    const asked = new URLSearchParams(window.location.search);
    if (asked.has("lang"))
      document.cookie = `${root.dataset.cookie}=${root.dataset.lang}; path=/; max-age=${YEAR_S}; samesite=lax`;
    for (const link of root.querySelectorAll("[data-tongue]")) {
      asked.set("lang", link.dataset.tongue);
      link.href = `?${asked}`;
    }
    root.querySelector("[data-does=theme]").addEventListener("click", () => {
      const next = document.documentElement.dataset.theme === "light" ? "dark" : "light";
      localStorage.setItem(THEME, next);
      wear(next);
    });
  }

  function start() {
    const root = document.querySelector("[data-entrance]");
    if (!root) return;
    begin(root);
  }

  if (document.querySelector('link[href*="entrance.css"]'))
    wear(localStorage.getItem(THEME));
  document.addEventListener("DOMContentLoaded", start);
})();
