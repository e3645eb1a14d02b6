/* What the map calls out: a mark at every alarm that matters, a card at the most urgent and at the fullest street. They are
   made anew only when they change, so that a pulse runs through and nothing flickers. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { dom, formats } = boshu;
  const CANVAS_WIDTH = 1920;
  const CLEAR = { left: 580, right: 1340, top: 372, foot: 800 }; // where a card covers no panel
  const MARK = 34; // half of what a mark takes
  const WORTH_PCT = 50; // an emptier street is not called out
  const MARKS = 3; // moving things at most
  const TURN = 1080; // from here on a card stands to the left of its place

  /* Serve the places of a map; `locate` tells where an alarm is. The function returned takes the segments, the alarms, and
     whether loads are old. */
  boshu.callouts = function (places, drawn, { locate, name, words }) {
    const shown = {};
    const changed = (part, state) => {
      const text = JSON.stringify(state);
      const isNew = shown[part] !== text;
      shown[part] = text;
      return isNew;
    };
    return function (segments, alarms, isStale) {
      const marked = alarms
        .map((row) => ({ ...row, at: locate(row) }))
        .filter((row) => row.priority < 3 && row.at)
        .slice(0, MARKS);
      const shownMarks = marked.map(({ at, priority, acknowledged }) => [at, priority, acknowledged]);
      if (changed("marks", shownMarks)) places.marks.replaceChildren(...marked.map(mark));
      const waits = (row) => row.priority === 1 && !row.acknowledged;
      const urgent = [marked.find(waits) || marked.find((row) => row.priority === 1)].filter(Boolean);
      const called = urgent.map((row) => alarmCard(row, drawn, name, words));
      const make = (row) => loadCard(row, drawn, name, words);
      const told = isStale ? [] : [...called, ...fullestOf(segments, drawn, marked, called, make)];
      if (!changed("cards", told)) return;
      places.leader.replaceChildren(...told.filter((each) => each.isLed).flatMap(lead));
      places.callouts.replaceChildren(...told.map(card));
    };
  };

  /* The fullest street in the clear part of the map whose card covers no mark and no other card; none when all are half
     empty. */
  function fullestOf(segments, drawn, marked, cards, make) {
    const taken = [...cards.map(boxOf), ...marked.map((row) => around(row.at))];
    const isClear = ([x, y]) => x > CLEAR.left && x < CLEAR.right && y > CLEAR.top && y < CLEAR.foot;
    const isApart = (told) => [boxOf(told), around(told.at)].every((box) => !taken.some((other) => meet(box, other)));
    return segments
      .filter(([code, pct]) => drawn[code] && formats.known(pct) && pct >= WORTH_PCT && isClear(drawn[code].at))
      .sort((a, b) => b[1] - a[1])
      .map(make)
      .filter(isApart)
      .slice(0, 1);
  }

  const around = ([x, y]) => [x - MARK, y - MARK, x + MARK, y + MARK];
  const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  /* Left, top, right and foot of a card, a little more than it takes. */
  function boxOf(told) {
    const { dx, dy, side } = offset(told);
    const [x, y] = told.at;
    const width = textWidth(told.title, 20) + textWidth(told.figure, 24) + 60;
    const [near, far] = [x + dx * side, x + (dx + width) * side];
    return [Math.min(near, far), y + dy - 34, Math.max(near, far), y + dy + 34];
  }
  const textWidth = (text, size) =>
    [...text].reduce((sum, letter) => sum + (letter.codePointAt(0) > 0x2e7f ? size : size / 2), 0);

  const alarmCard = (row, drawn, name, words) => ({
    at: row.at,
    title: drawn[row.site] ? name(drawn[row.site].site) : name({ name: row.area, name_en: row.area_en, code: "" }),
    figure: words.rules[row.rule] || row.title || row.rule,
    look: "alarm",
    isLed: false,
  });

  function loadCard([code, pct, free], drawn, name, words) {
    const text = !formats.known(free) ? words.load : free > 0 ? words.free : words.full;
    const figure = formats.fill(text, { pct: pct.toFixed(0), free });
    return { at: drawn[code].at, title: name(drawn[code].site), figure, look: String(boshu.load(pct)), isLed: true };
  }

  function mark({ priority, at: [x, y], acknowledged }) {
    const sign = boshu.glyph(`mark-${priority}`);
    sign.setAttribute("class", "mark__sign");
    const node = dom.node("div", `mark mark--${priority}${acknowledged ? " mark--seen" : ""}`, dom.node("i", "mark__pulse"), sign);
    node.style.left = `${x}px`;
    node.style.top = `${y}px`;
    return node;
  }

  /* How far a card stands from its place, and to which side. */
  const offset = ({ at, isLed }) => ({ dx: isLed ? 68 : 28, dy: isLed ? -27 : 0, side: at[0] > TURN ? -1 : 1 });

  function card(told) {
    const { dx, dy, side } = offset(told);
    const [x, y] = told.at;
    const node = dom.node(
      "div",
      `callout callout--${told.look}`,
      dom.node("b", "", told.title),
      dom.node("span", "callout__figure", told.figure),
    );
    node.style.top = `${y + dy - 22}px`;
    node.style[side < 0 ? "right" : "left"] = `${side < 0 ? CANVAS_WIDTH - x + dx : x + dx}px`;
    return node;
  }

  /* The line from a place to its card. */
  function lead(told) {
    const { dx, dy, side } = offset(told);
    const [x, y] = told.at;
    const d = `M${x} ${y}L${x + 28 * side} ${y + dy}H${x + dx * side}`;
    return [
      boshu.svg("path", { class: "leader", d }),
      boshu.svg("circle", { class: "leader__dot", cx: x, cy: y, r: 4.5 }),
    ];
  }
})();
