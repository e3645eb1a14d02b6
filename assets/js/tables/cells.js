/* Cells of tables: one renderer that draws a value as its column says. The grid looks it up by its name. */
(function () {
  "use strict";

  const UNKNOWN = "—";
  const grouped = (places) => new Intl.NumberFormat("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
  const writers = [0, 1, 2, 3].map(grouped);
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const element = (...told) => window.React.createElement(...told);

  function number(value, { scale, places }) {
    return writers[places].format(value / scale);
  }

  /* The ground of a plate by its colour or class; neutral where it may have any. */
  const PLATES = { blue: "blue", small: "blue", green: "green", nev: "green", yellow_green: "green", yellow: "yellow", large: "yellow", white: "white", black: "black" };

  /* What a value is called; of several values side by side, what each is. */
  function worded(value, words) {
    return words[value] || String(value).split(" ").map((one) => words[one] || one).join(" ");
  }

  const LOOKS = {
    text: (value, { words }) => (words ? worded(value, words) : value),
    code: (value) => value,
    number: (value, params) => [number(value, params), params.unit].filter(Boolean).join(" "),
    state: (value, { words, tones, pill }) => {
      const word = (words && words[value]) || value;
      const tone = (tones && tones[value]) || value;
      if (pill) return element("span", { key: value, className: `pill pill--${tone}` }, word);
      return [element("i", { key: value, className: `lamp lamp--${tone}` }), element("span", { key: "word" }, word)];
    },
    level: (value, params) => {
      const level = params.data[params.beside];
      const isMarked = level === "watch" || level === "act";
      return [
        isMarked ? element("i", { key: "lamp", className: `lamp lamp--${level}` }) : null,
        element("span", { key: "n", className: `table__level--${level}` }, `${number(value, params)} ${params.unit}`),
      ];
    },
    money: (value, { warns }) => {
      const written = writers[2].format(value / 100);
      return warns && value > 0 ? element("span", { className: "table__owed" }, written) : written;
    },
    date: (value) => element("span", { className: "num" }, value),
    plate: (value, { beside, data }) =>
      element("span", { className: `plate plate--${PLATES[data[beside]] || "any"}` }, value),
    switch: (value, { told }) => (value ? told.yes : told.no),
    age: (value) => element("time", { key: value, "data-since": value, className: "num" }),
    moment: (value) => element("time", { key: value, "data-moment": value, className: "num" }),
    share: (value, params) => [
      element(
        "span",
        { key: "bar", className: "table__bar" },
        element("i", { className: "table__fill", style: { width: `${Math.min(100, Math.max(0, value))}%` } }),
      ),
      element("span", { key: "n", className: "num" }, `${number(value, params)}%`),
    ],
  };

  /* A second value behind the first: the name of a place before its code. */
  function withBeside(drawn, params) {
    const { beside, look, data } = params;
    if (!beside || look === "level" || look === "plate" || !data[beside]) return drawn;
    return [
      element("span", { key: "name" }, data[beside]),
      element("span", { key: "code", className: "table__beside num" }, drawn),
    ];
  }

  cells.BoshuCell = function (params) {
    if (!params.data) return element("span", { className: "table__waiting" });
    const { value } = params;
    if (value === null || value === undefined || value === "") return element("span", { className: "table__unknown" }, UNKNOWN);
    return element("span", { className: "table__value" }, withBeside(LOOKS[params.look](value, params), params));
  };
})();
