/* Values of the editor: a thing of many parts as JSON. Pure: what a shape begins with, one value set in a copy, what people type
   read as what is kept and written back. Shapes come from the server (`{ is: "money" }`, `{ is: "parts", of: "Band" }`). */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const editor = (boshu.editor = boshu.editor || {});

  const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const isNothing = (value) => value === undefined || value === null || value === "";
  Object.assign(editor, { isMap, isNothing });

  editor.at = (value, path) => path.reduce((one, step) => (isNothing(one) ? undefined : one[step]), value);

  /* Return a copy in which a path holds another value; undefined takes it away. */
  editor.changed = function (value, path, next) {
    if (!path.length) return next;
    const [step, ...rest] = path;
    const copy = Array.isArray(value) ? [...value] : { ...(isMap(value) ? value : {}) };
    const inner = editor.changed(copy[step], rest, next);
    if (inner !== undefined) copy[step] = inner;
    else if (Array.isArray(copy)) copy.splice(step, 1);
    else delete copy[step];
    return copy;
  };

  /* Return what stands where something was just added: everything that is needed, and nothing in it. */
  editor.blank = function (form, shape) {
    if (shape.is === "part") return blankPart(form, shape.of);
    if (shape.is === "parts") return [blankPart(form, shape.of)];
    if (shape.is === "unions") return shape.of.slice(0, 2).map(([tag, name]) => ({ kind: tag, ...blankPart(form, name) }));
    if (shape.is === "list") return [null];
    if (shape.is === "named") return { [""]: {} };
    if (shape.is === "union") return {};
    if (shape.is === "order") return shape.options.map(([value]) => value);
    return shape.is === "names" || shape.is === "choices" ? [] : null;
  };

  function blankPart(form, name) {
    const needed = form.parts[name].fields.filter((field) => field.needed);
    return Object.fromEntries(needed.map((field) => [field.name, editor.blank(form, field.shape)]));
  }
  editor.blankPart = blankPart;

  /* Return the value as it is sent: in the order of the language, without what nobody has said yet. */
  editor.tidy = function (form, shape, value) {
    if (isNothing(value)) return undefined;
    const all = (inner) => value.map((one) => editor.tidy(form, inner, one)).filter((one) => one !== undefined);
    if (shape.is === "price") return isMap(value) ? tidyPrices(value) : value;
    if (shape.is === "union" || shape.is === "one") return isMap(value) ? tidyPart(form, partOf(shape, value), value) : value;
    if (shape.is === "part") return isMap(value) ? tidyPart(form, shape.of, value) : value;
    if (shape.is === "named")
      return isMap(value) ? mapped(value, (one) => editor.tidy(form, { is: "union", of: shape.of }, one) || {}) : value;
    if (!Array.isArray(value)) return value;
    if (!value.length && (shape.is === "names" || shape.is === "choices")) return undefined; // nothing was chosen yet
    if (shape.is === "parts") return all({ is: "part", of: shape.of });
    if (shape.is === "unions") return all({ is: "union", of: shape.of });
    return shape.is === "list" ? all(shape.item) : value;
  };

  const mapped = (value, each) => Object.fromEntries(Object.entries(value).map(([name, one]) => [name, each(one)]));
  const partOf = (shape, value) => (shape.of.find(([tag]) => tag === value.kind) || [])[1];
  editor.partOf = partOf;

  function tidyPrices(value) {
    if (!isMap(value)) return isNothing(value) ? undefined : value;
    const kept = Object.entries(value).map(([name, one]) => [name, tidyPrices(one)]);
    return Object.fromEntries(kept.filter(([, one]) => one !== undefined));
  }

  function tidyPart(form, name, value) {
    const part = form.parts[name];
    if (!part) return value;
    const shapes = Object.fromEntries(part.fields.map((field) => [field.name, field.shape]));
    const names = [...part.order.filter((one) => one in value), ...Object.keys(value).filter((one) => !part.order.includes(one))];
    const pairs = names.map((one) => [one, shapes[one] ? editor.tidy(form, shapes[one], value[one]) : value[one]]);
    return Object.fromEntries(pairs.filter(([, one]) => one !== undefined));
  }

  /* ---- what people type; what cannot be read stays as it was typed, and the server says what is wrong with it ---- */

  const places = (currency) => {
    try {
      return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
    } catch {
      return 2;
    }
  };

  editor.money = {
    read(text, currency) {
      const found = /^(\d{1,9})(?:\.(\d*))?$/.exec(text.replace(/[,，\s]/g, ""));
      const n = places(currency);
      if (!found || (found[2] || "").length > n) return text.trim();
      return Number(found[1]) * 10 ** n + Number((found[2] || "").padEnd(n, "0"));
    },
    write: (value, currency) => (Number.isInteger(value) ? (value / 10 ** places(currency)).toFixed(places(currency)) : String(value ?? "")),
  };

  editor.minutes = {
    read(text) {
      const typed = text.trim().toLowerCase();
      if (/^\d{1,7}$/.test(typed)) return Number(typed);
      const clock = /^(\d{1,5}):([0-5]\d)$/.exec(typed) || /^(\d{1,5})\s*(?:h|小时)\s*(\d{1,2})?\s*(?:min|分钟?)?$/.exec(typed);
      return clock ? Number(clock[1]) * 60 + Number(clock[2] || 0) : text.trim();
    },
    write: (value) => String(value ?? ""),
  };

  editor.number = {
    read: (text) => (/^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : text.trim()),
    write: (value) => String(value ?? ""),
  };

  /* 7, 730, 7:30 and 0730 are meant as clock times. */
  editor.clock = {
    read(text) {
      const typed = text.trim().replace("：", ":");
      const found = /^(\d{1,2}):?(\d{2})$/.exec(typed) || /^(\d{1,2})()$/.exec(typed);
      return found ? `${found[1].padStart(2, "0")}:${(found[2] || "00").padStart(2, "0")}` : typed;
    },
    write: (value) => String(value ?? ""),
  };

  editor.text = { read: (text) => text, write: (value) => String(value ?? "") };
  editor.word = { read: (text) => text.trim(), write: (value) => String(value ?? "") };
})();
