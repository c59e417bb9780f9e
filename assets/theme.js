/* Runs in the head, before the first paint: the remembered theme (or the system's) and density, so that nothing flashes. */
(function () {
  function remembered(name) {
    try { return localStorage.getItem(name); } catch (refused) { return null; /* private window */ }
  }
  var root = document.documentElement, scheme = remembered("mantine-color-scheme-value");
  if (scheme !== "light" && scheme !== "dark") {
    scheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  root.dataset.mantineColorScheme = scheme;
  root.dataset.agThemeMode = scheme;
  root.dataset.density = remembered("hedgedesk-density") === "comfortable" ? "comfortable" : "compact";
})();
