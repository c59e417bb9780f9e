/* What the browser does alone: theme, density, panels, the current page, the address. Called by Dash by name. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.desk = (function () {
  const unchanged = () => window.dash_clientside.no_update;
  const LOST_MS = 10_000; /* an answer that is not here by then does not come */
  let asked = 0;

  return {
    theme: function (clicks) {
      if (!clicks) return unchanged();
      const root = document.documentElement;
      const scheme = root.dataset.mantineColorScheme === "dark" ? "light" : "dark";
      window.hd.remember("mantine-color-scheme-value", scheme);
      root.dataset.agThemeMode = scheme;
      return scheme;
    },
    panel: function (open, close, hidden) {
      if (!open && !close) return unchanged();
      const from = window.dash_clientside.callback_context.triggered[0].prop_id;
      const hide = from.includes("close") ? true : !hidden;
      const page = from.split("-")[0];
      document.getElementById(page + "-how")?.setAttribute("aria-expanded", String(!hide));
      setTimeout(() => document.getElementById(page + (hide ? "-how" : "-drawer-close"))?.focus(), 0);
      return hide;
    },
    open: function (clicks) { return clicks ? true : unchanged(); },
    arrived: function (path) {
      document.querySelectorAll(".hd-rail a").forEach((link) => {
        if (new URL(link.href).pathname === path) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      });
      if (window.hd.path !== undefined && window.hd.path !== path) focusHeading(path, 40);
      window.hd.path = path;
      return "";
    },
    /* The address always names the run on the screen, so that it can be copied, kept and opened in another window. */
    shown: function (run) {
      const frame = document.getElementById("shell-frame");
      if (!frame || !run) return unchanged();
      frame.dataset.run = run;
      const address = new URL(location.href);
      if (address.searchParams.get("run") !== run) {
        address.searchParams.set("run", run);
        history.replaceState(history.state, "", address);
      }
      return run;
    },
    join: function (job, following) {
      if (!job) return unchanged();
      return (following || []).includes(job) ? [...following] : [...(following || []), job];
    },
    leave: function (done, following) {
      if (!done || !(following || []).includes(done.job)) return unchanged();
      window.hd.reportMade(done);
      return following.filter((job) => job !== done.job);
    },
    /* One look at the jobs at a time, however slow the server is. */
    tick: function (ticks) {
      const now = Date.now();
      if (!ticks || now - asked < LOST_MS) return unchanged();
      asked = now;
      return now;
    },
    tray: function (rows) {
      asked = 0;
      return window.hd.drawJobs(rows || []);
    },
  };

  function focusHeading(path, tries) {
    const heading = document.querySelector(`h1[data-path="${path}"], h1[data-path="lost"]`);
    if (heading) heading.focus({ preventScroll: true });
    else if (tries > 0) setTimeout(() => focusHeading(path, tries - 1), 50);
  }
})();

window.hd = {
  remember: function (name, value) {
    try { localStorage.setItem(name, value); } catch (refused) { /* private window */ }
  },
  word: (name) => document.getElementById("shell-frame")?.dataset["say" + name] ?? "",
  run: () => document.getElementById("shell-frame")?.dataset.run ?? "",
  /* Spoken once; the same words twice are spoken twice. */
  say: function (text) {
    const place = document.getElementById("shell-told");
    if (!place) return;
    place.textContent = "";
    setTimeout(() => { place.textContent = text; }, 50);
  },
};

/* A server that is gone, and a request that was too large, are said on the screen: Dash only writes to the console. */
(function () {
  const ask = window.fetch.bind(window);
  function show(id, yes) {
    const place = document.getElementById(id);
    if (place) place.hidden = !yes;
  }
  window.fetch = async function (...request) {
    try {
      const answer = await ask(...request);
      show("shell-silent", false);
      if (answer.status === 413) show("shell-large", true);
      else if (answer.ok && request[1]?.method === "POST") show("shell-large", false);
      return answer;
    } catch (failure) {
      if (failure?.name !== "AbortError") show("shell-silent", true);
      throw failure;
    }
  };
})();

/* Density: one attribute on the root; the style sheet and the grids follow it. */
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || !event.target.closest("#shell-density")) return;
  const root = document.documentElement;
  root.dataset.density = root.dataset.density === "compact" ? "comfortable" : "compact";
  window.hd.remember("hedgedesk-density", root.dataset.density);
});

/* Coming back to the window, ask anew: the inputs or the jobs may have changed meanwhile. */
addEventListener("focus", () => {
  if (document.getElementById("shell-frame") && window.dash_clientside.set_props) {
    window.dash_clientside.set_props("session-focus", { data: Date.now() });
  }
});

/* On paper a chart is as wide as its card there, not as on the screen. */
function charts() { return document.querySelectorAll(".js-plotly-plot .main-svg"); }
addEventListener("beforeprint", () => charts().forEach((svg) => {
  svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
}));
addEventListener("afterprint", () => charts().forEach((svg) => svg.removeAttribute("viewBox")));
