/* The reader's own menu: colours and rows as he likes them, kept by the browser; the way out. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const system = window.matchMedia("(prefers-color-scheme: light)");

  /* What may be chosen, by the name under which the browser keeps it; the first is what nobody chose. */
  const KEPT = {
    theme: { key: "boshu-theme", values: ["dark", "light", "system"] },
    rows: { key: "boshu-rows", values: ["wide", "narrow"] },
  };

  function chosen(name) {
    const { key, values } = KEPT[name];
    const kept = localStorage.getItem(key);
    return values.includes(kept) ? kept : values[0];
  }

  function wear(root) {
    const html = document.documentElement;
    const theme = chosen("theme");
    html.dataset.theme = theme === "system" ? (system.matches ? "light" : "dark") : theme;
    html.dataset.rows = chosen("rows");
    if (root) root.dispatchEvent(new CustomEvent("boshu-theme"));
  }
  wear(null); // before anything is drawn

  boshu.desk.menu = function ({ root }) {
    const button = root.querySelector("[data-does=menu]");
    const menu = root.querySelector("[data-part=menu]");
    const items = () => [...menu.querySelectorAll("a, button")];

    function show(isOpen) {
      menu.hidden = !isOpen;
      button.setAttribute("aria-expanded", String(isOpen));
    }

    function mark() {
      for (const group of menu.querySelectorAll("[data-choose]"))
        for (const one of group.children)
          one.setAttribute("aria-pressed", String(one.dataset.value === chosen(group.dataset.choose)));
    }

    button.addEventListener("click", () => show(menu.hidden));
    document.addEventListener("click", (event) => event.target.closest(".own") || show(false));
    menu.addEventListener("click", (event) => {
      const one = event.target.closest("[data-value]");
      if (one) {
        localStorage.setItem(KEPT[one.parentElement.dataset.choose].key, one.dataset.value);
        mark();
        wear(root);
      } else if (event.target.closest("[data-does=sign-out]")) signOut();
      else show(false);
    });
    button.parentElement.addEventListener("keydown", (event) => {
      const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape" && !menu.hidden) {
        show(false);
        button.focus();
      } else if (way) {
        show(true);
        const all = items();
        all[(all.indexOf(document.activeElement) + way + all.length) % all.length].focus();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    system.addEventListener("change", () => wear(root));
    window.addEventListener("storage", () => {
      mark();
      wear(root);
    });
    mark();
    wear(root);
  };

  async function signOut() {
    await window.boshu.post("/sign-out");
    window.location.replace("/sign-in");
  }
})();
