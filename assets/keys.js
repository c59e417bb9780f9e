/* Every key of the product. Never inside a text field or a grid's editor; a key presses the very button or link that the
   mouse would. The letter after g stands in the rail, beside the page's name. */
(function () {
  let leader = 0;

  function press(target) {
    if (!target || target.disabled || target.hidden || target.dataset.disabled) return false;
    target.click();
    return true;
  }
  const byId = (id) => document.getElementById(id);
  function typing(target) {
    return target.closest("input, textarea, select, [contenteditable='true'], .ag-cell-inline-editing") !== null;
  }
  function asking() {
    return document.querySelector("[role='dialog'][aria-modal='true']") !== null;
  }
  function pageOf(letter) {
    return [...document.querySelectorAll(".hd-rail a")].find((link) => link.querySelector("kbd")?.textContent === `g ${letter}`);
  }
  function escape() {
    if (window.hd.closeMenus(true)) return;
    const drawer = document.querySelector(".hd-drawer:not([hidden]) button[id$='-drawer-close']");
    if (drawer) { drawer.click(); return; }
    if (!window.hd.closeTray()) press(byId("shell-cancel"));
  }
  function withControl(event) {
    if (event.key === "Enter") press(byId("shell-run"));
    else if (event.key.toLowerCase() === "s" && !event.shiftKey) press(byId("plan-save"));
    else return;
    event.preventDefault();
  }

  document.addEventListener("keydown", (event) => {
    if (!(event.target instanceof Element) || event.isComposing) return;
    const control = event.ctrlKey || event.metaKey;
    /* The browser's own dialog for saving a page is never what is meant here. */
    if (control && event.key.toLowerCase() === "s") event.preventDefault();
    if (typing(event.target)) return;
    if (asking()) { leader = 0; return; } /* Escape closes the dialog by itself */
    if (control) { withControl(event); return; }
    if (event.altKey) return;
    if (event.key === "Escape") { escape(); return; }
    if (event.key === "?") { press(byId("shell-help")); return; }
    if (event.key === "g") { leader = event.timeStamp; return; }
    const page = leader && event.timeStamp - leader < 1500 ? pageOf(event.key) : undefined;
    if (page) { press(page); event.preventDefault(); }
    leader = 0;
  });
})();
