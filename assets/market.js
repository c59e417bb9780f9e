/* The two halves of Market, and the audit of the index. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.market = {
  /* The address names the half that is shown, so that a link opens it. */
  part: function (part) {
    const address = new URL(location.href);
    if (part === "index") address.searchParams.set("part", part);
    else address.searchParams.delete("part");
    history.replaceState(history.state, "", address);
    return [part === "index", part !== "index"];
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
