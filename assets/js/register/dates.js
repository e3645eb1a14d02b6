/* Days of the city: typed as 2026-11-20, or chosen from a month in the language of the page. */
(function () {
  "use strict";

  const { dom, register } = window.boshu;
  const DAY_MS = 86400000;
  const WEEK = 7;
  const WEEKS = 6;
  const WRITTEN = /^(\d{4})[-/.年]?\s*(\d{1,2})[-/.月]?\s*(\d{1,2})日?$/;
  const AWAY_PX = 6;

  const iso = (day) => day.toISOString().slice(0, 10);

  /* The day a text means, as 2026-11-20; nothing where it means none. */
  register.dayOf = function (text) {
    const parts = WRITTEN.exec(text.trim());
    if (!parts) return "";
    const day = new Date(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])));
    const isReal = day.getUTCMonth() === Number(parts[2]) - 1 && day.getUTCDate() === Number(parts[3]);
    return isReal ? iso(day) : "";
  };

  /* A field for a day, and for a time of that day where `hasTime`; `look` is the class of what is typed into. */
  register.dayField = function (bench, { label, look, hasTime = false }) {
    const input = Object.assign(dom.node("input", `${look} num`), {
      type: "text", autocomplete: "off", spellcheck: false, maxLength: 25, placeholder: hasTime ? "2026-11-20 08:00" : "2026-11-20",
    });
    input.setAttribute("aria-label", label);
    const open = register.button("", () => months.toggle(), "days__open");
    open.append(glyph());
    open.setAttribute("aria-label", `${label}: ${bench.words.pickDay}`);
    open.setAttribute("aria-haspopup", "dialog");
    const wrap = dom.node("div", "days__field", input, open);
    const months = calendar(bench, label, { input, open, wrap, take });

    function take(day) {
      const time = hasTime ? (/\d{1,2}:\d{2}.*$/.exec(input.value) || ["00:00"])[0] : "";
      input.value = `${day} ${time}`.trim();
      for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
    }

    const read = () => (hasTime ? input.value.trim() : register.dayOf(input.value) || input.value.trim());
    const write = (value) => (input.value = (value ?? "").replace("T", " "));
    return { node: wrap, focus: input, read, write };
  };

  function calendar(bench, label, { input, open, wrap, take }) {
    const language = bench.context.root.lang;
    const written = (options) => new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options });
    const long = written({ dateStyle: "full" });
    const heading = Object.assign(dom.node("strong", "days__month"), { ariaLive: "polite" });
    const month = written({ year: "numeric", month: "long" });
    const weekday = written({ weekday: "narrow" });
    const grid = dom.node("div", "days__grid");
    const turn = (sign, word, by) => {
      const button = register.button(sign, () => go(shifted(shown, by)), "button--ghost days__turn");
      button.setAttribute("aria-label", word);
      return button;
    };
    const head = dom.node("div", "days__head", turn("‹", bench.words.monthBefore, -1), heading, turn("›", bench.words.monthAfter, 1));
    const card = dom.node("div", "days", head, grid);
    card.popover = "auto";
    card.setAttribute("role", "dialog");
    card.setAttribute("aria-label", label);
    card.addEventListener("keydown", key);
    wrap.append(card);
    let shown = null;

    const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -WEEK, ArrowDown: WEEK };
    const plus = (day, n) => new Date(day.getTime() + n * DAY_MS);
    const shifted = (day, by) => {
      const first = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + by, 1));
      const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + by + 1, 0)).getUTCDate();
      return plus(first, Math.min(day.getUTCDate(), last) - 1);
    };

    function toggle() {
      if (card.matches(":popover-open")) return close();
      const { left, bottom } = wrap.getBoundingClientRect();
      card.showPopover();
      const { width, height } = card.getBoundingClientRect();
      draw(new Date(register.dayOf(input.value.slice(0, 10)) || bench.context.city().day));
      card.style.left = `${Math.max(0, Math.min(left, window.innerWidth - width - AWAY_PX))}px`;
      card.style.top = `${Math.max(0, Math.min(bottom + AWAY_PX, window.innerHeight - height - AWAY_PX))}px`;
      focus();
    }

    function close() {
      card.hidePopover();
      open.focus();
    }

    function go(day) {
      draw(day);
      focus();
    }

    const focus = () => grid.querySelector("[tabindex='0']").focus();

    function draw(day) {
      shown = day;
      const first = shifted(new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1)), 0);
      const monday = plus(first, -((first.getUTCDay() + WEEK - 1) % WEEK));
      const chosen = register.dayOf(input.value.slice(0, 10));
      const names = [...Array(WEEK).keys()].map((n) => dom.node("span", "days__name", weekday.format(plus(monday, n))));
      const days = [...Array(WEEK * WEEKS).keys()].map((n) => one(plus(monday, n), chosen));
      dom.text(heading, month.format(day));
      grid.replaceChildren(...names, ...days);
    }

    function one(day, chosen) {
      const isOutside = day.getUTCMonth() !== shown.getUTCMonth();
      const button = register.button(String(day.getUTCDate()), () => {
        take(iso(day));
        close();
      }, `days__one num${isOutside ? " days__one--outside" : ""}`);
      button.tabIndex = iso(day) === iso(shown) ? 0 : -1;
      button.setAttribute("aria-label", long.format(day));
      button.setAttribute("aria-pressed", String(iso(day) === chosen));
      if (iso(day) === bench.context.city().day) button.setAttribute("aria-current", "date");
      return button;
    }

    function key(event) {
      event.stopPropagation();
      if (event.key === "Escape") close();
      else if (!event.target.closest(".days__grid")) return;
      else if (STEPS[event.key]) go(plus(shown, STEPS[event.key]));
      else if (event.key === "PageUp" || event.key === "PageDown") go(shifted(shown, event.key === "PageUp" ? -1 : 1));
      else return;
      event.preventDefault();
    }

    return { toggle };
  }

  function glyph() {
    const space = "http://www.w3.org/2000/svg";
    const sign = document.createElementNS(space, "svg");
    sign.setAttribute("viewBox", "0 0 16 16");
    sign.setAttribute("class", "days__glyph");
    sign.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", "M2 4h12v10H2zM2 7h12M5 2v3M11 2v3");
    sign.append(path);
    return sign;
  }
})();
