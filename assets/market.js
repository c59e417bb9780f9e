/* The parts of Market, the audit of the index, and what the grids of models draw. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.market = {
  /* The address names the part that is shown, so that a link opens it. */
  part: function (part) {
    const parts = ["scenarios", "models", "index"];
    const address = new URL(location.href);
    if (part === parts[0]) address.searchParams.delete("part");
    else address.searchParams.set("part", part);
    history.replaceState(history.state, "", address);
    return parts.map((name) => name !== part);
  },
  audit: function (open, close, hidden) {
    if (!open && !close) return window.dash_clientside.no_update;
    const from = window.dash_clientside.callback_context.triggered[0].prop_id;
    const hide = from.includes("close") ? true : !hidden;
    document.getElementById("market-audit-open")?.setAttribute("aria-expanded", String(!hide));
    setTimeout(() => document.getElementById(hide ? "market-audit-open" : "market-audit-drawer-close")?.focus(), 0);
    return hide;
  },
};
window.dashAgGridFunctions = window.dashAgGridFunctions || {};
window.dashAgGridFunctions.hdOwn = (params) => {
  const tone = window.dashAgGridFunctions.hdTone(params);
  return tone === "hd-closed" ? "ag-right-aligned-cell" : "ag-right-aligned-cell hd-own " + tone;
};
window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};
/* Counts as small bars on one line; the words are the counts. */
window.dashAgGridComponentFunctions.HdBars = (props) => {
  const make = window.React.createElement;
  const counts = String(props.value ?? "").split(" ").map(Number);
  const most = Math.max(1, ...counts);
  const bars = counts.map((count, k) => make("i", { key: k, style: { height: `${Math.round(100 * count / most)}%` } }));
  const text = props.data[props.colDef.field + "_text"];
  return make("span", { className: "hd-bars", role: "img", "aria-label": text, title: text }, bars);
};
