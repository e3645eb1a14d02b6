/* Scenes of a wall: which part of the city it shows, and how. They follow each other on the one page: classes turn the canvas,
   the stream is asked for another part, nothing is loaded anew, and the old scene stands until the new one has its first
   picture. Only a scene in another language loads the page, whose words are the server's.

   An urgent alarm turns the wall to where it is seen, the overview of all this screen may see, and holds it there until it is
   acknowledged, ten minutes at most. Whoever touches mouse or keys holds a scene for two minutes. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { dom, live } = boshu;
  const KINDS = ["overview", "map", "berths", "money", "alarms"];
  const KEPT = "boshu-scenes"; // what a wall begins with while the server is away
  const AGAIN_MS = 3000;
  const FAILED = 500;
  const FADE_MS = 600;
  const HELD_S = 120;
  const PINNED_S = 600;
  const GIVEN_UP_S = 20; // a part without a picture for so long is not waited for
  const WITH_MAP = ["overview", "map"]; // where an urgent alarm is seen in its place

  /* `draw` paints the page anew after a turn; `ask` asks the stream for a scene's part. */
  boshu.carousel = function (context, { draw, ask }) {
    const here = new URLSearchParams(window.location.search);
    const named = here.get("scene") || "";
    let scenes = []; // those that follow each other; the overview of all is `whole`
    let whole = null;
    let shown = null;
    let coming = null; // asked for, without a picture yet
    let shownS = 0;
    let waitedS = 0;
    let heldS = 0;
    let urgent = new Map(); // urgent alarms by id, and for how many seconds they have been known

    function know(told) {
      whole = told[told.length - 1];
      scenes = told.length > 1 ? told.slice(0, -1) : [whole];
      if (!shown) settle(scenes.find(({ id }) => id && id === named) || scenes[0]);
      tabs();
    }

    async function learn() {
      try {
        const answer = await fetch(`/screen/scenes${named ? `?scene=${named}` : ""}`, { cache: "no-store" });
        if (!answer.ok) throw new Error(String(answer.status));
        const told = await answer.json();
        if (boshu.screen.is) window.localStorage.setItem(KEPT, JSON.stringify(told));
        know(told);
      } catch {
        const kept = boshu.screen.is && window.localStorage.getItem(KEPT);
        if (!shown && kept) know(JSON.parse(kept));
        setTimeout(learn, AGAIN_MS);
      }
    }

    /* Turn to a scene; where it shows another part of the city, as soon as its first picture is there. */
    function turn(scene) {
      if (!scene || (shown && scene.id === (coming || shown).id)) return;
      const base = baseLanguage(); // remembered before the page is left for a scene in another one
      const language = scene.lang || base;
      if (language && language !== context.root.dataset.lang) return reload(scene, language);
      [coming, waitedS] = [!shown || scene.part === shown.part ? null : scene, 0];
      if (coming) ask(scene.part);
      else settle(scene);
    }

    function settle(scene) {
      const isTurn = shown !== null;
      [shown, coming, shownS] = [scene, null, 0];
      context.scene = scene;
      for (const kind of KINDS) context.root.classList.toggle(`wall--of-${kind}`, kind === scene.kind);
      live.shown.scene = scene.id || null;
      tabs();
      if (!isTurn) return ask(scene.part);
      draw();
      if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches)
        context.stage.animate([{ opacity: 0 }, { opacity: 1 }], { duration: FADE_MS, easing: "ease-in-out" });
      return undefined;
    }

    /* The language this wall speaks where a scene names none. */
    function baseLanguage() {
      const asked = boshu.screen.asked("lang");
      if (asked) return asked;
      const first = window.sessionStorage.getItem("boshu-lang");
      if (!first && !named) window.sessionStorage.setItem("boshu-lang", context.root.dataset.lang);
      return first;
    }

    function reload(scene, language) {
      if (boshu.screen.is) live.leave(() => window.location.assign(`/?scene=${scene.id}&lang=${language}`));
    }

    /* ---- the head: names of the scenes, and how far the one that stands has come ---- */

    const makeTab = () => dom.node("span", "head__scene", dom.node("span"), dom.node("i", "head__progress"));

    function tabs() {
      const told = shown && !scenes.includes(shown) ? [...scenes, shown] : scenes;
      const all = told.filter((scene) => context.name(scene));
      context.place("scenes").hidden = all.length === 0;
      dom.children(context.place("scenes"), all.length, makeTab).forEach((node, i) => {
        dom.text(node.firstElementChild, context.name(all[i]));
        node.classList.toggle("head__scene--shown", all[i] === shown);
      });
      progress();
    }

    function progress() {
      const node = context.place("scenes").querySelector(".head__scene--shown .head__progress");
      const share = scenes.length > 1 && shown ? Math.min(1, shownS / shown.lasts_s) : 1;
      if (node) node.style.transform = `scaleX(${share})`;
    }

    /* ---- what turns it: the time, an alarm, somebody at a desk ---- */

    const pinning = () => [...urgent.values()].some((seconds) => seconds < PINNED_S);

    function beat() {
      for (const [id, seconds] of urgent) urgent.set(id, seconds + 1);
      if (!shown || context.root.classList.contains("wall--loading")) return undefined; // no scene stands before its picture
      if (pinning()) {
        if (!(shown.part === "" && WITH_MAP.includes(shown.kind))) turn(whole);
        shownS = 0;
        return progress();
      }
      if (coming) return wait();
      if (heldS > 0) heldS -= 1;
      else shownS += 1;
      if (shownS >= shown.lasts_s && (scenes.length > 1 || shown !== scenes[0])) next();
      return progress();
    }

    /* What was asked for has no picture: the scene that stands goes on. */
    function wait() {
      waitedS += 1;
      if (waitedS < GIVEN_UP_S) return;
      [coming, shownS] = [null, 0];
      ask(shown.part);
    }

    function next() {
      const at = scenes.indexOf(shown);
      turn(scenes[(at + 1) % scenes.length]);
    }

    for (const touched of ["pointermove", "keydown"])
      window.addEventListener(touched, () => (heldS = HELD_S), { passive: true });

    /* Turn to a scene that somebody at a desk asks for, for as long as it stands. */
    boshu.turnTo = async (id) => {
      const answer = await fetch(`/screen/scenes?scene=${id}`, { cache: "no-store" }).catch(() => null);
      if (!answer || answer.status >= FAILED) setTimeout(() => boshu.turnTo(id), AGAIN_MS);
      else if (answer.ok) turn((await answer.json()).find((scene) => scene.id === id));
    };

    learn();
    return {
      beat,
      /* The first picture of a part is there. */
      arrived() {
        if (coming) settle(coming);
      },
      /* Take the urgent alarms of all this screen may see. */
      take(rows) {
        urgent = new Map(rows.map(({ id }) => [id, urgent.get(id) || 0]));
      },
    };
  };
})();
