/* The runs page in the browser: which buttons the selection allows, links, and the pair that is compared. */
window.dash_clientside = window.dash_clientside || {};

(function () {
  const skip = () => window.dash_clientside.no_update;

  function pressed() {
    const from = window.dash_clientside.callback_context.triggered[0];
    return from && from.value ? from.prop_id : "";
  }
  function copy(text, place) {
    navigator.clipboard?.writeText(text);
    const said = document.getElementById(place).dataset.said;
    setTimeout(() => window.dash_clientside.set_props(place, { children: "" }), 4000);
    return said;
  }
  function address(pair) { return "/runs" + (pair ? "?a=" + pair.a + "&b=" + pair.b : ""); }
  let wanted = false; /* the comparison was asked for by a press: the focus goes there once it is shown */
  function show(pair) {
    window.history.replaceState(window.history.state, "", address(pair));
    wanted = pair !== null;
    if (!pair) setTimeout(() => document.getElementById("runs-compare")?.focus(), 0);
    return pair;
  }

  window.dash_clientside.runs = {
    allowed: function (rows) {
      const count = (rows || []).length;
      return [...Array(7).fill(count !== 1), count !== 2];
    },
    open: (clicks, rows) => (clicks && rows?.length === 1 ? rows[0].id : skip()),
    copy: (clicks, rows) =>
      (clicks && rows?.length === 1 ? copy(location.origin + "/?run=" + rows[0].id, "runs-said") : skip()),
    copyBoth: (clicks, pair) => (clicks && pair ? copy(location.origin + address(pair), "runs-copied-both") : skip()),
    rename: (clicks, rows) => (clicks && rows?.length === 1 ? [true, rows[0].name || ""] : [skip(), skip()]),
    remove: () => (pressed() ? pressed().startsWith("runs-remove.") : skip()),
    arrived: function (hidden) {
      if (hidden || !wanted) return;
      wanted = false;
      setTimeout(() => document.getElementById("runs-compare-title")?.focus(), 0);
    },
    opened: function (hidden) {
      const place = hidden ? "runs-manifest" : "runs-sheet-drawer-close";
      setTimeout(() => document.getElementById(place)?.focus(), 0);
    },
    shut: (clicks) => (clicks ? true : skip()),
    pair: function (compare, swap, apart, rows, pair) {
      const from = pressed();
      if (from.startsWith("runs-apart")) return show(null);
      if (from.startsWith("runs-swap") && pair) return show({ a: pair.b, b: pair.a });
      if (from.startsWith("runs-compare") && rows?.length === 2) {
        const [a, b] = [...rows].sort((one, other) => (one.when < other.when ? -1 : 1));
        return show({ a: a.id, b: b.id });
      }
      return skip();
    },
  };
})();
