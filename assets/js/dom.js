/* Small ways to write to the page that touch nothing that did not change. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const dom = (boshu.dom = {});

  dom.text = function (node, value) {
    if (node.textContent !== value) node.textContent = value;
  };

  dom.attribute = function (node, name, value) {
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  };

  dom.node = function (tag, className, ...inside) {
    const node = Object.assign(document.createElement(tag), { className });
    node.append(...inside);
    return node;
  };

  /* Make a place have a number of children, keeping those it has. */
  dom.children = function (place, count, make) {
    while (place.children.length > count) place.lastElementChild.remove();
    while (place.children.length < count) place.append(make());
    return [...place.children];
  };

  /* Give a node the look of one state, as `part--state`. */
  dom.look = function (node, part, state, states) {
    if (node.dataset.state === state) return false;
    for (const each of states) node.classList.toggle(`${part}--${each}`, each === state);
    node.dataset.state = state;
    return true;
  };

  /* Write a figure digit by digit, so that only digits that changed roll in; a digit's place counts from the right. What
     changed by less than one, or where nobody looks, is written still. */
  dom.roll = function (node, value, unit) {
    if (node.dataset.shown === value + unit) return;
    const before = node.dataset.shown ? [...node.dataset.digits].reverse() : null;
    const isSeen = before !== null && !document.hidden && Math.abs(number(value) - number(node.dataset.digits)) >= 1;
    const digits = [...value].map((digit, i) => {
      const isNew = isSeen && before[value.length - 1 - i] !== digit;
      return dom.node("span", `roll__digit${isNew ? " roll__digit--new" : ""}`, digit);
    });
    node.replaceChildren(...digits, ...(unit ? [dom.node("small", "unit", unit)] : []));
    [node.dataset.shown, node.dataset.digits] = [value + unit, value];
  };
  const number = (text) => Number(text.replace(/[^\d.]/g, ""));

  /* Let a place that was written anew rise into sight, once. */
  dom.turn = function (place) {
    if (document.hidden || window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    place.animate([{ opacity: 0.2, transform: "translateY(8px)" }, {}], { duration: 320, easing: "ease-out" });
  };

  /* Lay out a bar of shares: [class, weight] each. */
  dom.bar = function (place, shares) {
    dom
      .children(place, shares.length, () => document.createElement("i"))
      .forEach((node, i) => {
        node.className = `stack__share ${shares[i][0]}`;
        node.style.flexGrow = String(shares[i][1]);
      });
  };
})();
