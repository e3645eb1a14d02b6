/* Views of a register: questions as tabs, those of the product and those that people saved, each with how many rows it finds. */
(function () {
  "use strict";

  const boshu = window.boshu;
  const { dom, register } = boshu;

  register.views = function (bench, state, take) {
    const everything = { name: "", title: bench.words.all, q: {} };
    let saved = [];
    let counts = {};
    const all = () => [everything, ...bench.config.views, ...saved];

    async function count() {
      try {
        const told = await bench.ask("views", {});
        saved = told.views;
        counts = told.counts;
        paint();
      } catch {
        paint();
      }
    }

    function paint() {
      const current = currentOf();
      const tabs = all().map((view) => tab(view, view === current));
      const save = register.button(`＋ ${bench.words.saveView}`, ask, "tabs__tab register__save");
      bench.place("views").replaceChildren(...tabs, ...(current ? [] : [save]));
    }

    function currentOf() {
      if (state.view) return all().find((view) => view.name === state.view);
      return Object.keys(state.q).length || state.cols ? undefined : everything;
    }

    function tab(view, isCurrent) {
      const n = counts[view.name];
      const number = n === undefined ? [] : [dom.node("b", "num", n)];
      const node = register.button("", () => take(view), "tabs__tab");
      node.replaceChildren(dom.node("span", "", view.title), ...number);
      if (isCurrent) node.setAttribute("aria-current", "page");
      if (!isCurrent || !view.own) return node;
      const away = register.button("✕", () => remove(view), "register__away");
      away.setAttribute("aria-label", `${bench.words.removeView}: ${view.title}`);
      return dom.node("span", "register__own", node, away);
    }

    function ask() {
      const { body, foot, close } = register.dialog(bench.words.saveView, "sheet--small");
      const name = Object.assign(dom.node("input", "field__input"), { type: "text", maxLength: 40, required: true });
      const share = Object.assign(dom.node("input", ""), { type: "checkbox" });
      const problem = dom.node("p", "sheet__problem");
      problem.setAttribute("role", "alert");
      body.append(
        dom.node("label", "field", dom.node("span", "field__name", bench.words.nameView), name),
        dom.node("label", "sheet__check", share, bench.words.share),
        problem,
      );
      const save = async () => {
        const kept = { q: state.q, sort: state.sort, cols: state.cols };
        const told = await bench.ask("views", { save: { title: name.value.trim(), shared: share.checked, state: kept } });
        if (told.refused) return dom.text(problem, told.refused);
        close();
        saved = told.views;
        counts = told.counts;
        take(saved.find((view) => view.name === told.name));
      };
      const go = register.button(bench.words.save, () => register.busy(go, save), "button--first");
      name.addEventListener("keydown", (event) => event.key === "Enter" && go.click());
      foot.append(register.button(bench.words.cancel, close, "button--ghost"), go);
      name.focus();
    }

    async function remove(view) {
      const told = await bench.ask("views", { remove: view.name });
      if (told.refused) return bench.say(told.refused);
      saved = told.views;
      counts = told.counts;
      take(everything);
    }

    count();
    return { all, paint, count };
  };
})();
