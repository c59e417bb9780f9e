/* The what-if strip in the browser: what a dial says while it moves, and when all of them rest. */
window.dash_clientside = window.dash_clientside || {};
window.dashMantineFunctions = window.dashMantineFunctions || {};
window.dashMantineFunctions.hdPlace = (place, told) => (told.texts[place] ?? "");

(function () {
  const REST_MS = 180; /* keys repeat faster than this: a held arrow asks once */
  const STUDY_MS = 800; /* who turns on is not kept waiting by the studies of what was passed by */
  let timer = 0;
  let studying = 0;
  let turn = 0;

  window.dash_clientside.plan = {
    told: function (place, label) {
      const skip = window.dash_clientside.no_update;
      if (!label || !label.options) return [skip, skip, skip];
      const { texts, own, name } = label.options;
      const text = texts[place] ?? "";
      const thumb = { "aria-label": name, "aria-valuetext": text };
      return [text, "hd-dial-value" + (place === own ? "" : " hd-moved"), { thumb: thumb }];
    },
    /* The button that opened the dialogue rests once its run is saved: the focus goes to the words that say so. */
    saved: function (again) {
      if (!String(again ?? "").startsWith("saved")) return;
      setTimeout(() => {
        if (document.activeElement === document.body) document.getElementById("plan-what-state")?.focus();
      }, 400);
    },
    /* The page shows a run: its studies are asked for once it has stood for a moment. */
    shown: function (_context, run) {
      clearTimeout(studying);
      studying = setTimeout(() => {
        if (!run || !document.querySelector(".hd-strip")) return;
        turn += 1;
        window.dash_clientside.set_props("plan-studied", { data: { run: run, turn: turn } });
      }, STUDY_MS);
    },
    /* Studies of another run than the one shown are of another plan: they are greyed until theirs are there. */
    standing: function (of, run) {
      return of && of === run ? "" : "hd-stale hd-studying";
    },
    rest: function (...places) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (!document.querySelector(".hd-strip")) return; /* another page by now */
        turn += 1;
        window.dash_clientside.set_props("plan-wish", { data: { places: places, turn: turn } });
      }, REST_MS);
    },
  };
})();
