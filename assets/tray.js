/* The open tray. Rows are kept by job and changed in place, so that the focus stays where it is while a job ticks. */
(function () {
  const made = new Map();
  let panelShown = false;

  function element(name, css) {
    const fresh = document.createElement(name);
    fresh.className = css;
    return fresh;
  }
  function create(id) {
    const row = element("li", "hd-job");
    row.append(element("span", "hd-job-title"), element("span", "hd-job-state"), element("button", "hd-link"),
      element("span", "hd-track"), element("span", "hd-job-note"));
    row.querySelector(".hd-track").append(document.createElement("i"));
    row.querySelector("button").dataset.job = id;
    return row;
  }
  function set(node, text) { if (node.textContent !== text) node.textContent = text; }
  function fill(node, row) {
    node.dataset.status = row.status;
    set(node.querySelector(".hd-job-title"), row.title);
    set(node.querySelector(".hd-job-state"), row.state);
    set(node.querySelector(".hd-job-note"), row.note || "");
    const track = node.querySelector(".hd-track");
    track.hidden = row.share === undefined;
    track.firstChild.style.width = 100 * (row.share || 0) + "%";
    const button = node.querySelector("button");
    button.hidden = !row.action;
    if (!row.action) return;
    const word = { cancel: "Cancel", open: "Open", download: "Fetch", visit: "Visit" }[row.action];
    set(button, window.hd.word(word));
    button.setAttribute("aria-label", `${window.hd.word(word)}: ${row.title}`);
    Object.assign(button.dataset, { action: row.action, run: row.run || "", href: row.href || "" });
  }

  window.hd.drawJobs = function (rows) {
    const list = document.querySelector("[data-rows='jobs']");
    if (!list) return rows.length;
    const known = new Set(rows.map((row) => row.id));
    made.forEach((node, id) => { if (!known.has(id)) { node.remove(); made.delete(id); } });
    rows.forEach((row, at) => {
      if (!made.has(row.id)) made.set(row.id, create(row.id));
      const node = made.get(row.id);
      fill(node, row);
      if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
    });
    return rows.length;
  };

  /* A report that this window asked for comes as a file by itself. */
  window.hd.reportMade = function (done) {
    if (done.kind !== "report" || done.status !== "done" || !done.result.run) return;
    window.hd.download(document.body, `/download/report/${done.result.run}.${done.result.suffix.replace(/^\./, "")}`);
  };

  function show(yes) {
    const panel = document.getElementById("shell-jobs");
    panel.hidden = !yes;
    panelShown = yes;
    document.getElementById("shell-jobs-open").setAttribute("aria-expanded", String(yes));
    if (yes) panel.focus();
  }
  window.hd.closeTray = function () {
    if (!panelShown) return false;
    show(false);
    document.getElementById("shell-jobs-open").focus();
    return true;
  };

  /* As a link of the frame: the address changes, and the frame stays. */
  function visit(href) {
    history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }
  function act(button) {
    const { action, job, run, href } = button.dataset;
    const tell = window.dash_clientside.set_props;
    if (action === "cancel") tell("shell-asked", { data: { cancel: job, at: Date.now() } });
    else if (action === "open") tell("session-run", { data: run });
    else if (action === "download") window.hd.download(button, href);
    else if (action === "visit") visit(href);
  }
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("#shell-jobs-open")) { show(!panelShown); return; }
    const button = event.target.closest(".hd-job button");
    if (button) act(button);
    else if (panelShown && !event.target.closest("#shell-jobs, .hd-status")) show(false);
  });
})();
