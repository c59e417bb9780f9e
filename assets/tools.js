/* What a card hands over: menus, copy, files, pictures. One listener for the whole frame; buttons say what they mean. */
(function () {
  const SHEET = { png: "image/png", svg: "image/svg+xml" };
  const PAPER = { size: [1200, 640], paper: "#FFFFFF", text: "#12171E", quiet: "#48525F", line: "#DDE2E8" };

  /* Menus */
  function menuOf(opener) { return opener.parentElement.querySelector("[role='menu']"); }
  function setMenu(opener, open) {
    const menu = menuOf(opener);
    menu.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (open) menu.querySelector("[role='menuitem']")?.focus();
  }
  function openMenu() { return document.querySelector("[data-menu][aria-expanded='true']"); }
  function closeMenus(refocus) {
    const opener = openMenu();
    if (!opener) return false;
    const inside = menuOf(opener).contains(document.activeElement);
    setMenu(opener, false);
    if (refocus && inside) opener.focus();
    return true;
  }
  function walk(event) {
    const menu = event.target.closest("[role='menu']");
    if (!menu) return false;
    const items = [...menu.querySelectorAll("[role='menuitem']")];
    const at = items.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next === undefined) return false;
    items[(next + items.length) % items.length].focus();
    return true;
  }

  /* Words in the card, and spoken */
  function tell(button, text) {
    window.hd.say(text);
    const place = button.closest(".hd-card")?.querySelector(".hd-told");
    if (!place) return;
    place.textContent = text;
    clearTimeout(place.hdTimer);
    place.hdTimer = setTimeout(() => { place.textContent = ""; }, 4000);
  }

  /* Files */
  async function fetched(address) {
    const answer = await fetch(address);
    if (answer.ok) return answer;
    const reason = answer.headers.get("Content-Type")?.startsWith("text/plain") ? await answer.text() : answer.status;
    throw new Error(reason);
  }
  function save(content, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
  function named(answer) {
    return /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "")?.[1] ?? "hedgedesk";
  }
  async function download(button, address) {
    try {
      const answer = await fetched(address);
      save(await answer.blob(), named(answer));
      tell(button, window.hd.word("Made") + named(answer));
    } catch (failure) { tell(button, window.hd.word("NoFile") + failure.message); }
  }
  const compared = () => new URLSearchParams(location.search);
  const indexAsked = () => document.getElementById("market-index-section")?.dataset.asked ?? "";
  const modelShown = () => document.getElementById("market-models-section")?.dataset.model ?? "";
  const horizonShown = () => document.getElementById("market-judged-card")?.dataset.horizon ?? "";
  function tableAddress(name, suffix) {
    const [page, part] = name.split(".");
    if (page === "desk") return `/download/desk-table/${part}.${suffix}`;
    if (page === "compare") return `/download/compare/${compared().get("a")}/${compared().get("b")}/${part}.${suffix}`;
    if (page === "study") return `/download/study/${part}.${suffix}`;
    if (page === "models") return `/download/models/${modelShown()}/${part}.${suffix}`;
    if (page === "validation") return `/download/validation/${horizonShown()}/${part}.${suffix}`;
    if (page === "index") return `/download/index/${indexAsked()}/${part}.${suffix}`;
    if (page === "plans") return `/download/plans/${window.hd.run()}/${part}.${suffix}`;
    return `/download/table/${window.hd.run()}/${name}.${suffix}`;
  }

  /* The clipboard is given the promise of the text, so that the press still counts while the text is fetched. */
  async function copy(button) {
    let text = "";
    try { text = await (await fetched(tableAddress(button.dataset.copy, "tsv"))).text(); } catch (failure) {
      tell(button, window.hd.word("NoFile") + failure.message);
      return;
    }
    text = text.replace(/^\uFEFF/, "");
    const rows = Math.max(0, text.split(/\r?\n/).filter((line) => line.trim()).length - 1);
    await write(button, text, window.hd.word("Copied").replace("{rows}", rows));
  }
  async function write(button, text, told) {
    try {
      await navigator.clipboard.writeText(text);
      tell(button, told);
      if (button.matches(".hd-plain")) {
        button.dataset.done = "yes";
        setTimeout(() => delete button.dataset.done, 1500);
      }
    } catch (refused) { tell(button, window.hd.word("NoCopy")); }
  }

  /* Pictures: on white, with words that can be read there, title and unit in the picture. */
  function drawn(graph) { return document.getElementById(graph)?.querySelector(".js-plotly-plot"); }
  function heading(graph) {
    const read = (part) => document.getElementById(graph + part)?.textContent ?? "";
    return { text: `<b>${read("-title")}</b>  ${read("-unit")}`, x: 0, xref: "paper", y: 0.98, yanchor: "top",
      font: { size: 14, color: PAPER.text } };
  }
  /* Which run, as of when: what the line under the page's heading says, or the names of the two that are compared. */
  const SOURCES = { "market-own": "market-index-settles", "market-model-fan": "market-models-state",
    "market-model-curve": "market-models-state", "market-regimes": "market-models-state", "market-pit": "market-judged-table-unit" };
  function foot(graph) {
    const own = SOURCES[graph] ?? graph.split("-")[0] + "-context";
    const place = pairOf(graph) ? "runs-names" : own;
    const text = document.getElementById(place)?.textContent ?? "";
    return { text: text, x: 0, xref: "paper", xanchor: "left", y: 0, yref: "paper", yanchor: "top", yshift: -52,
      showarrow: false, font: { size: 11, color: PAPER.quiet } };
  }
  const pairOf = (graph) => /^runs-cost-([ab])$/.exec(graph)?.[1];
  function runOf(graph) {
    const side = pairOf(graph);
    return (side ? compared().get(side) : window.hd.run()).slice(0, 8);
  }
  function onPaper(plot, graph) {
    const layout = structuredClone(plot.layout);
    const axes = Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name));
    axes.forEach((name) => Object.assign(layout[name], { gridcolor: PAPER.line, tickfont: { color: PAPER.quiet } }));
    Object.assign(layout, { paper_bgcolor: PAPER.paper, plot_bgcolor: PAPER.paper, title: heading(graph), autosize: false,
      width: PAPER.size[0], height: PAPER.size[1] });
    layout.font = { ...layout.font, size: 13, color: PAPER.quiet };
    layout.margin = { ...layout.margin, t: 56, l: (layout.margin?.l ?? 40) + 12, r: (layout.margin?.r ?? 12) + 24, b: 84 };
    layout.annotations = [...(layout.annotations ?? []), foot(graph)];
    const data = plot.data.map((trace) => (String(trace.uid ?? "").startsWith("ink")
      ? { ...trace, line: { ...trace.line, color: PAPER.text }, marker: { ...trace.marker, color: PAPER.text } } : trace));
    return { data, layout };
  }
  async function picture(button) {
    const { picture: kind, graph } = button.dataset;
    const plot = drawn(graph);
    if (!plot?.data?.length || !window.Plotly) { tell(button, window.hd.word("NoPicture")); return; }
    const [width, height] = PAPER.size;
    const made = await window.Plotly.toImage(onPaper(plot, graph), { format: kind, width, height, scale: kind === "png" ? 2 : 1 });
    const name = `${graph}-${runOf(graph)}.${kind}`;
    save(pictureOf(made, kind), name);
    tell(button, window.hd.word("Made") + name);
  }
  function pictureOf(address, kind) {
    const [head, body] = [address.slice(0, address.indexOf(",")), address.slice(address.indexOf(",") + 1)];
    const bytes = head.endsWith("base64") ? Uint8Array.from(atob(body), (c) => c.charCodeAt(0)) : decodeURIComponent(body);
    return new Blob([bytes], { type: SHEET[kind] });
  }

  function act(button) {
    const { copy: table, link, table: sheet, suffix, picture: kind } = button.dataset;
    if (table) copy(button);
    else if (sheet) download(button, tableAddress(sheet, suffix));
    else if (kind) picture(button);
    else if (link) write(button, location.href, window.hd.word("LinkCopied"));
  }

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest("[data-menu]");
    const button = event.target.closest("button");
    if (opener) {
      const open = opener.getAttribute("aria-expanded") !== "true";
      closeMenus(false);
      if (!opener.disabled) setMenu(opener, open);
      return;
    }
    closeMenus(true);
    if (button) act(button);
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.target instanceof Element)) return;
    if (walk(event)) event.preventDefault();
    else if (event.key === "Tab") closeMenus(false);
  });

  window.hd.closeMenus = closeMenus;
  window.hd.download = download;
})();
