/* Every key of the product. Never inside a text field; a key presses the very button that the mouse would. */
(function () {
  const pages = { o: "nav-overview", p: "nav-plan" };
  let leader = 0;

  function press(id) {
    const target = document.getElementById(id);
    if (target && !target.disabled && !target.hidden) { target.click(); return true; }
    return false;
  }
  function typing(target) {
    return target.closest("input, textarea, select, [contenteditable='true']") !== null;
  }
  function asking() {
    return document.querySelector("[role='dialog'][aria-modal='true']") !== null;
  }
  function escape() {
    const panel = document.querySelector(".hd-drawer:not([hidden]) button");
    if (panel) { panel.click(); return; }
    press("shell-cancel");
  }

  document.addEventListener("keydown", (event) => {
    if (!(event.target instanceof Element) || typing(event.target)) return;
    if (asking()) { leader = 0; return; } /* Escape closes the dialog by itself */
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { press("shell-run"); event.preventDefault(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { escape(); return; }
    if (event.key === "?") { press("shell-help"); return; }
    if (event.key === "g") { leader = event.timeStamp; return; }
    const page = pages[event.key];
    if (page && leader && event.timeStamp - leader < 1500) { press(page); event.preventDefault(); }
    leader = 0;
  });
})();
