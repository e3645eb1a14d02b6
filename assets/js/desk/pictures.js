/* Pictures in a drawer: a click shows one large, Escape or a click beside it closes it; it keeps its own address. */
(function () {
  "use strict";

  const { dom } = window.boshu;

  function enlarge(link) {
    const small = link.querySelector("img");
    const large = Object.assign(dom.node("img", "enlarged__drawn"), { src: link.href, alt: small.alt });
    const dialog = dom.node("dialog", "enlarged", large, dom.node("p", "enlarged__words num", small.alt));
    dialog.setAttribute("aria-label", small.alt);
    dialog.addEventListener("click", () => dialog.close());
    dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation()); // the drawer stays
    dialog.addEventListener("close", () => {
      dialog.remove();
      link.focus();
    });
    document.querySelector("[data-desk]").append(dialog);
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.picture--kept");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    enlarge(link);
  });
})();
