/* The pages of an area at the side: folded away or not, kept by the browser; arrows move through them. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const KEY = "boshu-side";

  boshu.desk.side = function ({ root }) {
    const side = root.querySelector("[data-part=side]");
    if (!side) return;
    const button = side.querySelector("[data-does=fold]");

    function fold(isFolded) {
      root.classList.toggle("desk--folded", isFolded);
      button.setAttribute("aria-expanded", String(!isFolded));
      button.textContent = isFolded ? "»" : "«";
      side.querySelector(".side__all").inert = isFolded;
    }

    function turn() {
      const isFolded = !root.classList.contains("desk--folded");
      localStorage.setItem(KEY, isFolded ? "folded" : "open");
      fold(isFolded);
    }

    button.addEventListener("click", turn);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "\\" || event.ctrlKey || event.metaKey || event.altKey || boshu.desk.isTyping()) return;
      event.preventDefault();
      turn();
    });
    side.addEventListener("keydown", (event) => {
      const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const pages = [...side.querySelectorAll(".side__page")];
      const at = pages.indexOf(document.activeElement);
      if (!way || at < 0) return;
      event.preventDefault();
      event.stopPropagation();
      pages[(at + way + pages.length) % pages.length].focus();
    });
    fold(localStorage.getItem(KEY) === "folded");
    const here = side.querySelector("[aria-current]");
    if (here) here.scrollIntoView({ block: "nearest" });
  };
})();
