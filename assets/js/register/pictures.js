/* Pictures in a form: chosen or dropped, sent at once, shown small; the form itself carries their ids alone. */
(function () {
  "use strict";

  const { dom, register } = window.boshu;
  const TYPES = ["image/jpeg", "image/png"];
  const MB = 1024 * 1024;

  register.picturesField = function (field, bench, changed, of) {
    const { words } = bench;
    const most = field.most || 1;
    const input = Object.assign(dom.node("input", "pick__input"), { type: "file", accept: TYPES.join(), multiple: most > 1, id: `pick-${field.name}` });
    const button = Object.assign(dom.node("label", "button pick__button", words.pick), { htmlFor: input.id });
    const note = dom.node("span", "pick__note", bench.fill("pickHint", { mb: bench.config.mostMb, n: most }));
    const list = dom.node("ul", "pick__list");
    list.setAttribute("aria-live", "polite");
    const node = dom.node("div", "pick", input, button, note, list);
    let chosen = [];

    input.addEventListener("change", () => {
      take([...input.files]);
      input.value = "";
    });
    node.addEventListener("dragover", (event) => {
      event.preventDefault();
      node.classList.add("pick--over");
    });
    node.addEventListener("dragleave", () => node.classList.remove("pick--over"));
    node.addEventListener("drop", (event) => {
      event.preventDefault();
      node.classList.remove("pick--over");
      take([...event.dataTransfer.files]);
    });

    function take(files) {
      const room = most - chosen.length;
      dom.text(note, bench.fill(files.length > room ? "pickMore" : "pickHint", { mb: bench.config.mostMb, n: most }));
      note.classList.toggle("pick__note--over", files.length > room);
      files.slice(0, Math.max(0, room)).forEach(add);
      changed();
    }

    function add(file) {
      const one = { name: file.name, bytes: file.size, picture: URL.createObjectURL(file), said: words.pickSending };
      one.coming = send(bench, of, file).then(
        (answer) => Object.assign(one, { key: answer.key, said: bench.fill("pickSent", { size: size(file.size) }) }),
        (error) => Object.assign(one, { said: bench.fill("pickNot", { why: error.message }), isWrong: true }),
      ).then(() => {
        tell(one);
        changed();
      });
      draw(one);
    }

    /* Show one more; the others stay as they are, and with them the place of the keyboard. */
    function draw(one) {
      chosen = [...chosen, one];
      one.line = line(one);
      list.append(one.line);
    }

    function tell(one) {
      const said = one.line.querySelector(".pick__said");
      dom.text(said, one.said);
      said.classList.toggle("pick__said--wrong", Boolean(one.isWrong));
    }

    function line(one) {
      const small = one.picture ? Object.assign(dom.node("img", "pick__small"), { src: one.picture, alt: "" }) : dom.node("span", "pick__small");
      small.addEventListener("error", () => small.replaceWith(dom.node("span", "pick__small")));
      const said = dom.node("small", "pick__said", one.said);
      const drop = register.button("✕", () => remove(one), "button--ghost button--small");
      drop.setAttribute("aria-label", bench.fill("remove", { text: one.name }));
      return dom.node("li", "pick__one", small, dom.node("span", "pick__name", one.name), said, drop);
    }

    function remove(one) {
      if (one.picture) URL.revokeObjectURL(one.picture);
      chosen = chosen.filter((other) => other !== one);
      one.line.remove();
      changed();
      input.focus();
    }

    return {
      node,
      focus: input,
      read: () => chosen.filter((one) => one.key).map(({ key, name, bytes }) => ({ key, name, bytes })),
      write: (kept) => {
        chosen = [];
        list.replaceChildren();
        for (const one of Array.isArray(kept) ? kept : []) draw({ ...one, said: bench.fill("pickSent", { size: size(one.bytes) }) });
      },
      settled: () => Promise.all(chosen.map((one) => one.coming)),
    };
  };

  const size = (bytes) => (bytes < MB ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / MB).toFixed(1)} MB`);

  async function send(bench, of, file) {
    if (!TYPES.includes(file.type)) throw new Error(bench.words.pickWrong);
    if (file.size > bench.config.mostMb * MB) throw new Error(bench.fill("pickLarge", { n: bench.config.mostMb }));
    const asked = new URLSearchParams({ register: bench.config.name, of, lang: bench.context.root.dataset.lang });
    let answer;
    try {
      answer = await window.boshu.post(`/uploads?${asked}`, { body: file, type: file.type });
    } catch {
      throw new Error(bench.words.noAnswer);
    }
    if (!answer.ok) throw new Error((await answer.text()).slice(0, 200) || bench.words.noAnswer);
    return answer.json();
  }
})();
