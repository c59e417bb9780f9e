/* What happens in the browser alone: theme, panels, current page, grid cells. Called by Dash by name, never inline. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.desk = {
  theme: function (clicks) {
    if (!clicks) return window.dash_clientside.no_update;
    const root = document.documentElement;
    const scheme = root.dataset.mantineColorScheme === "dark" ? "light" : "dark";
    try { localStorage.setItem("mantine-color-scheme-value", scheme); } catch (refused) { /* private window */ }
    root.dataset.agThemeMode = scheme;
    return scheme;
  },
  panel: function (open, close, hidden) {
    if (!open && !close) return window.dash_clientside.no_update;
    const from = window.dash_clientside.callback_context.triggered[0].prop_id;
    const hide = from.includes("close") ? true : !hidden;
    const page = from.split("-")[0];
    document.getElementById(page + "-how")?.setAttribute("aria-expanded", String(!hide));
    setTimeout(() => document.getElementById(page + (hide ? "-how" : "-drawer-close"))?.focus(), 0);
    return hide;
  },
  open: function (clicks) { return clicks ? true : window.dash_clientside.no_update; },
  arrived: function (path) {
    document.querySelectorAll(".hd-rail a").forEach((link) => {
      if (new URL(link.href).pathname === path) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    const first = !window.hdPath;
    if (window.hdPath !== path && !first) focusHeading(path, 40);
    window.hdPath = path;
    return "";
  },
};

/* A server that is gone is said on the screen: Dash itself only writes to the console. */
(function () {
  const ask = window.fetch.bind(window);
  function silent(yes) {
    const place = document.getElementById("shell-silent");
    if (place) place.hidden = !yes;
  }
  window.fetch = async function (...request) {
    try {
      const answer = await ask(...request);
      silent(false);
      return answer;
    } catch (failure) {
      if (failure?.name !== "AbortError") silent(true);
      throw failure;
    }
  };
})();

function focusHeading(path, tries) {
  const heading = document.querySelector(`h1[data-path="${path}"]`);
  if (heading) heading.focus({ preventScroll: true });
  else if (tries > 0) setTimeout(() => focusHeading(path, tries - 1), 50);
}

window.dashAgGridFunctions = window.dashAgGridFunctions || {};
window.dashAgGridFunctions.hdText = (params) => (params.data ? params.data[params.colDef.field + "_text"] : "");
window.dashAgGridFunctions.hdFull = (params) => (params.data ? params.data[params.colDef.field + "_full"] : "");
window.dashAgGridFunctions.hdTone = (params) => {
  const tone = params.data ? params.data[params.colDef.field + "_tone"] : "";
  return tone ? "hd-" + tone : "";
};
window.dashAgGridFunctions.hdNumber = (params) => "ag-right-aligned-cell " + window.dashAgGridFunctions.hdTone(params);

window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};
window.dashAgGridComponentFunctions.HdCover = (props) => {
  const make = window.React.createElement;
  const text = props.data[props.colDef.field + "_text"];
  const cover = props.data[props.colDef.field + "_cover"];
  if (!cover) return text || null;
  const percent = (share) => Math.min(100, Math.max(0, share / cover.scale * 100)) + "%";
  const parts = [make("i", { key: "track", className: "hd-band-track" })];
  if (cover.low !== null && cover.high !== null) {
    const width = Math.min(1, (cover.high - cover.low) / cover.scale) * 100 + "%";
    parts.push(make("i", { key: "zone", className: "hd-band-zone", style: { left: percent(cover.low), width: width } }));
  }
  parts.push(make("i", { key: "fill", className: "hd-band-fill hd-" + cover.state, style: { width: percent(cover.share) } }));
  return make("span", { className: "hd-cover" }, [
    make("span", { key: "band", className: "hd-band", "aria-hidden": true }, parts),
    make("span", { key: "share", className: "hd-share" }, text),
  ]);
};
window.dashAgGridComponentFunctions.HdState = (props) => {
  const field = props.colDef.field;
  const text = props.data[field + "_text"];
  if (!text) return null;
  return window.React.createElement("span", { className: "hd-badge hd-" + props.data[field + "_tone"] }, text);
};
