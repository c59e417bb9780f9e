/* What the grids draw themselves. Called by AG Grid by name, never inline. */
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
