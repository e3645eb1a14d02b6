/* The tariff as text: lines with their numbers, those with a fault marked; what is typed goes to the server as it stands. */
(function () {
  "use strict";

  const boshu = window.boshu;
  const { dom, editor } = boshu;

  editor.textSide = function (bench, typed) {
    const area = Object.assign(dom.node("textarea", "yaml__text"), { spellcheck: false, autocomplete: "off", wrap: "off", readOnly: bench.readonly });
    area.setAttribute("aria-label", bench.words.text);
    const gutter = dom.node("div", "yaml__lines num");
    gutter.setAttribute("aria-hidden", "true");
    const faults = dom.node("ul", "yaml__faults");
    const pane = dom.node("div", "yaml__pane", gutter, area);
    const node = dom.node("div", "yaml", pane, faults);
    area.addEventListener("input", () => {
      number();
      typed(area.value);
    });
    area.addEventListener("scroll", () => (gutter.scrollTop = area.scrollTop), { passive: true });
    let marked = new Map();

    function number() {
      const n = area.value.split("\n").length;
      dom.children(gutter, n, () => dom.node("span", "yaml__line")).forEach((line, i) => {
        dom.text(line, String(i + 1));
        line.classList.toggle("yaml__line--wrong", marked.has(i + 1));
        line.title = marked.get(i + 1) || "";
      });
      gutter.scrollTop = area.scrollTop;
    }

    function go(line) {
      const before = area.value.split("\n").slice(0, line - 1);
      const start = before.join("\n").length + (before.length ? 1 : 0);
      const end = area.value.indexOf("\n", start);
      area.focus();
      area.setSelectionRange(start, end < 0 ? area.value.length : end);
      area.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(area).lineHeight));
    }

    return {
      node,
      go,
      focus: () => area.focus(),
      write(text) {
        if (area.value !== text) area.value = text;
        number();
      },
      /* Faults as the server told them: [path, sentence], and the line of each path. */
      tell(told, lines) {
        const lineOf = ([path]) => lines[path] || Number(path.split(":")[0]) || 1;
        marked = new Map(told.map((fault) => [lineOf(fault), fault[1]]));
        number();
        const rows = told.map((fault) => {
          const line = lineOf(fault);
          const link = editor.button(`${bench.fill("line", { n: line })} · ${fault[1]}`, () => go(line), "yaml__fault");
          return dom.node("li", "", link);
        });
        faults.replaceChildren(...rows);
        faults.hidden = !rows.length;
      },
    };
  };
})();
