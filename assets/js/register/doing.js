/* What is done to rows of a register: actions with their question, showing personal data, taking files in, giving files out. */
(function () {
  "use strict";

  const boshu = window.boshu;
  const { dom, register } = boshu;
  const NAMED = 5;
  const CUT = 200;

  /* ---- actions ---- */

  register.act = async function (bench, name, rows, after) {
    const { words } = bench;
    const of = `action:${name}`;
    const keys = rows.map((row) => row.id);
    const told = await asked(bench, of, { keys });
    if (!told) return;
    const sheet = register.dialog(told.title, "sheet--small");
    const said = dom.node("div", "sheet__summary");
    said.setAttribute("role", "alert");
    if (told.names.length) sheet.body.append(dom.node("p", "sheet__rows", rowsOf(bench, told)));
    if (told.says) sheet.body.append(dom.node("p", "sheet__says", told.says));
    sheet.body.append(said);
    const fields = register.fields(bench, told.fields, () => {}, of);
    const form = dom.node("form", "sheet__form sheet__form--one", ...fields.nodes);
    form.noValidate = true;
    const reason = told.asks_reason ? reasonOf(bench, told.offers) : null;
    if (reason) form.append(reason.root);
    sheet.body.append(form);
    const look = told.grave ? "button--grave" : "button--first";
    const go = register.button(told.title, () => register.busy(go, act), look);
    sheet.foot.append(register.button(words.cancel, sheet.close, "button--ghost"), go);
    register.enter(form, go);
    (form.querySelector("input, select, textarea") || go).focus();
    if (told.confirm) register.prove(bench, said, told.confirm, { of, keys });

    async function act() {
      await fields.settled();
      const done = { keys, do: true, reason: reason ? reason.read() : "", values: fields.read() };
      const answer = await asked(bench, of, done, (text) => dom.text(said, text));
      if (!answer) return;
      fields.tell(answer.errors || {});
      if (reason) dom.text(reason.problem, (answer.errors || {}).reason || "");
      if (answer.confirm) return register.prove(bench, said, answer.confirm, { of, keys });
      if (answer.refused || answer.errors) return dom.text(said, answer.refused || "");
      if (!answer.stays) {
        sheet.close();
        bench.say(answer.said);
        after("");
      }
      if (answer.once) register.once(bench);
    }
  };

  /* Ask; where there is no answer, say so: in the dialog that is open, as notices stand behind it. */
  async function asked(bench, of, told, say = bench.say) {
    try {
      const answer = await bench.ask(of, told);
      if (!answer.refused || told.do) return answer;
      say(answer.refused);
    } catch (error) {
      say(error.message);
    }
    return null;
  }

  function rowsOf(bench, { names, n }) {
    const few = names.slice(0, NAMED).join(", ");
    const more = n > NAMED ? ` ${bench.fill("andMore", { n: n - NAMED })}` : "";
    return n === 1 ? bench.fill("forRow", { names: few }) : bench.fill("forRows", { n, names: few + more });
  }

  function reasonOf(bench, offers = []) {
    const box = offers.length ? dom.node("input", "field__input") : dom.node("textarea", "field__input field__input--lines");
    const input = Object.assign(box, { maxLength: 200, name: "reason", autocomplete: "off" });
    const problem = dom.node("small", "field__problem");
    const need = dom.node("i", "field__need", "*");
    const root = dom.node("label", "field field--wide", dom.node("span", "field__name", bench.words.reason, need), input, problem);
    if (offers.length) register.offer(root, input, offers);
    else input.rows = 2;
    input.setAttribute("aria-required", "true");
    return { root, problem, read: () => input.value };
  }

  /* ---- personal data in full, for a reason ---- */

  register.reveal = function (bench, row) {
    const { words } = bench;
    const sheet = register.dialog(words.reveal, "sheet--small");
    const reason = reasonOf(bench);
    sheet.body.append(dom.node("p", "sheet__says", words.revealed), reason.root);
    const go = register.button(words.reveal, () => register.busy(go, show), "button--first");
    sheet.foot.append(register.button(words.cancel, sheet.close, "button--ghost"), go);
    reason.root.querySelector("textarea").focus();

    async function show() {
      const told = { key: row.id, reason: reason.read(), do: true };
      const answer = await asked(bench, "reveal", told, (text) => dom.text(reason.problem, text));
      if (!answer) return;
      if (answer.refused) return dom.text(reason.problem, answer.refused);
      const pairs = answer.values.map(([name, value]) => dom.node("div", "sheet__pair", dom.node("dt", "", name), dom.node("dd", "num", value)));
      sheet.body.replaceChildren(dom.node("dl", "sheet__pairs", ...pairs));
      sheet.foot.replaceChildren(register.button(words.close, sheet.close, "button--first"));
    }
  };

  /* ---- export: asked for here, made elsewhere, told on the way ---- */

  const SHAPES = ["xlsx", "csv", "pdf"];

  register.give = function (bench, state) {
    const { words } = bench;
    const sheet = register.dialog(words.exportAs, "sheet--small");
    const said = dom.node("div", "sheet__summary");
    said.setAttribute("role", "alert");
    const picks = SHAPES.map((shape, i) => Object.assign(dom.node("input", ""), { type: "radio", name: "shape", value: shape, checked: !i }));
    const full = Object.assign(dom.node("input", ""), { type: "checkbox" });
    const reason = reasonOf(bench);
    reason.root.hidden = true;
    full.addEventListener("change", () => (reason.root.hidden = !full.checked));
    sheet.body.append(said, ...picks.map((pick) => dom.node("label", "sheet__check", pick, pick.value.toUpperCase())));
    if (bench.can("reveal")) sheet.body.append(dom.node("label", "sheet__check", full, words.exportReveal), reason.root);
    const go = register.button(words.exportGo, () => register.busy(go, ask), "button--first");
    sheet.foot.append(register.button(words.cancel, sheet.close, "button--ghost"), go);
    picks[0].focus();

    async function ask() {
      const { q, sort, columns } = state;
      const shape = picks.find((pick) => pick.checked).value;
      const told = { q, sort, columns, shape, reveals: full.checked, reason: reason.read(), do: true };
      const answer = await asked(bench, "export", told, (text) => dom.text(said, text));
      if (!answer) return;
      if (answer.refused) return said.replaceChildren(dom.node("p", "sheet__problem", answer.refused));
      sheet.close();
      boshu.exports.watch(answer.key);
    }
  };

  /* ---- import: a file is tried first, then taken over as a whole ---- */

  register.take = function (bench, after) {
    const { words, config } = bench;
    const sheet = register.dialog(`${config.title} · ${words.import}`, "sheet--wide");
    const file = Object.assign(dom.node("input", ""), { type: "file", accept: ".csv,.xlsx", hidden: true });
    const chosen = dom.node("span", "sheet__file");
    const pick = register.button(words.importPick, () => {
      file.value = ""; // the same file, mended, is chosen once more
      file.click();
    }, "button--first");
    const said = dom.node("div", "sheet__summary");
    said.setAttribute("role", "alert");
    const report = dom.node("div", "sheet__report");
    sheet.body.append(headsOf(bench), dom.node("div", "sheet__pick", pick, chosen, file), said, report);
    sheet.foot.append(register.button(words.close, sheet.close, "button--ghost"));
    let name = "";
    let content = "";
    file.addEventListener("change", async () => {
      if (!file.files.length) return;
      name = file.files[0].name;
      content = await read(file.files[0]);
      dom.text(chosen, name);
      await register.busy(pick, () => send(false));
    });
    pick.focus();

    async function send(isDone) {
      report.replaceChildren();
      sheet.foot.replaceChildren(register.button(words.close, sheet.close, "button--ghost"));
      const answer = await asked(bench, "import", { name, content, do: isDone }, (text) => dom.text(said, text));
      if (!answer) return;
      if (answer.refused) return said.replaceChildren(dom.node("p", "sheet__problem", answer.refused));
      const { counts, n, rows } = answer;
      if (answer.done) {
        said.replaceChildren(dom.node("p", "sheet__kept", bench.fill("importDone", { n })));
        sheet.foot.replaceChildren(register.button(words.close, sheet.close, "button--first"));
        return after("");
      }
      const load = register.button(words.importReport, () => save(bench, rows), "button--ghost button--small");
      said.replaceChildren(dom.node("p", counts.wrong ? "sheet__problem" : "sheet__kept", bench.fill("importSaid", counts), load));
      if (counts.wrong) said.append(dom.node("p", "sheet__says", words.importWrong));
      else if (!n) said.append(dom.node("p", "sheet__says", words.importSame));
      report.replaceChildren(lines(bench, rows));
      if (counts.wrong || !n) return;
      const take = register.button(bench.fill("importDo", { n }), () => register.busy(take, () => send(true)), "button--first");
      sheet.foot.append(take);
      take.focus();
    }
  };

  /* What the first row of a file must name, and a file that names it. */
  function headsOf(bench) {
    const { words, config } = bench;
    const told = config.heads.map(([label, isNeeded]) => (isNeeded ? `${label}*` : label)).join(words.comma);
    const load = register.button(words.importHeads, () => give(bench, "template", [config.heads.map(([label]) => label)]), "button--ghost button--small");
    return dom.node("p", "sheet__says sheet__heads", bench.fill("importFirst", { names: told }), load);
  }

  const read = (file) =>
    new Promise((done) => {
      const reader = new FileReader();
      reader.addEventListener("load", () => done(reader.result.split(",", 2)[1] || ""));
      reader.readAsDataURL(file);
    });

  function lines(bench, rows) {
    const { row, became: words, says } = bench.words;
    const head = dom.node("tr", "", ...[row, "", says].map((word) => dom.node("th", "", word)));
    const weight = { wrong: 0, changed: 1, added: 2, same: 3 }; // what needs a look comes first
    const ordered = [...rows].sort((a, b) => weight[a.became] - weight[b.became] || a.n - b.n);
    const body = ordered.slice(0, CUT).map(({ n, became, said }) => {
      const cells = [dom.node("td", "num", n), dom.node("td", "", words[became]), dom.node("td", "", said)];
      return dom.node("tr", became === "wrong" ? "sheet__bad" : "", ...cells);
    });
    return dom.node("table", "lines", dom.node("tbody", "", head, ...body));
  }

  function save(bench, rows) {
    const { row, became: words, says } = bench.words;
    give(bench, "report", [[row, "", says], ...rows.map(({ n, became, said }) => [n, words[became], said])]);
  }

  /* Give lines of cells as a file that spreadsheets open. */
  function give(bench, what, cells) {
    const quoted = (text) => `"${String(text).replaceAll('"', '""')}"`;
    const text = cells.map((line) => line.map(quoted).join(",")).join("\r\n");
    const link = Object.assign(document.createElement("a"), { download: `${bench.config.name.replace("/", "-")}-${what}.csv` });
    link.href = URL.createObjectURL(new Blob([`\ufeff${text}\r\n`], { type: "text/csv" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href));
  }
})();
