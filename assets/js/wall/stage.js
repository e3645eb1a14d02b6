/* The canvas on its screen: which layout, one scale for both axes, darker at night, and two pixels aside every ten minutes so
   that nothing burns in. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const CANVAS = { wall: [1920, 1080], wide: [5760, 1080] };
  const LAYOUTS = { "1920x1080": "wall", "3840x2160": "wall", "5760x1080": "wide" }; // as people set it on a screen
  const WIDE_FROM = 2.6; // width by height
  const NIGHT = "22:00-06:00";
  const SHIFTS = [
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
    [-2, 2],
    [-2, 0],
    [-2, -2],
    [0, -2],
    [2, -2],
  ];
  const SHIFT_S = 600;

  boshu.stage = function (context) {
    const { root, stage } = context;
    const isNight = boshu.between(NIGHT);
    let beats = 0;

    function fit() {
      const [wide, high] = [window.innerWidth, window.innerHeight];
      const set = LAYOUTS[context.asked("layout")];
      const layout = set || (wide >= high * WIDE_FROM ? "wide" : "wall");
      const [width, height] = CANVAS[layout];
      const scale = Math.min(wide / width, high / height);
      const [dx, dy] = SHIFTS[Math.floor(beats / SHIFT_S) % SHIFTS.length];
      const [left, top] = [(wide - width * scale) / 2 + dx, (high - height * scale) / 2 + dy];
      root.dataset.layout = layout;
      root.classList.toggle("wall--wide", layout === "wide");
      root.classList.toggle("wall--turned", high > wide);
      stage.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
    }

    fit();
    window.addEventListener("resize", fit);
    return {
      fit,
      beat() {
        const asked = context.asked("night");
        const byClock = asked ? asked === "on" : !context.past && isNight(context.city().minute);
        const { light } = context.scene;
        const isDark = light === "night" || (light !== "day" && byClock);
        root.classList.toggle("wall--night", isDark);
        beats += 1;
        if (beats % SHIFT_S === 0) fit();
      },
    };
  };
})();
