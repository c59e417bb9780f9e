/* Runs in the head, before the first paint: the remembered theme, or the system's, so that nothing flashes. */
(function () {
  var scheme = null;
  try { scheme = localStorage.getItem("mantine-color-scheme-value"); } catch (refused) { /* private window */ }
  if (scheme !== "light" && scheme !== "dark") {
    scheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  document.documentElement.dataset.mantineColorScheme = scheme;
  document.documentElement.dataset.agThemeMode = scheme;
})();
