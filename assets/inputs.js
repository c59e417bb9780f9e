/* Files and edits in the browser, on Inputs and Exposure: files are checked before they are sent, edits go one after the other, marks. */
window.dash_clientside = window.dash_clientside || {};
(function () {
  const KEPT = "hedgedesk-draft";
  const PATIENCE = 15000;
  /* The Exposure page takes files and edits cells by the same rules, under its own names. */
  const page = () => (document.getElementById("exposure-drop") ? "exposure" : "inputs");
  const at = (thing) => `${page()}-${thing}`;
  const say = (thing, text) => window.dash_clientside.set_props(at(thing), { children: text });
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const megabytes = (bytes) => (Math.ceil(bytes / 1e5) / 10).toLocaleString("en", { minimumFractionDigits: 1 });

  /* ---- files ---- */
  function told() { return document.getElementById(at("drop")).dataset; }
  function known(name) { return told().suffixes.split(" ").some((suffix) => name.toLowerCase().endsWith(suffix)); }

  function leftOut(files) {
    if (files.length === 0) return "";
    if (files.length === 1) return fill(told().type, { name: files[0].name });
    return fill(told().more, { count: files.length });
  }
  function tooLarge(files) {
    const limit = Number(told().limit);
    const large = files.find((file) => file.size > limit);
    if (large) return fill(told().large, { name: large.name, size: megabytes(large.size) });
    const together = files.reduce((sum, file) => sum + file.size, 0);
    return together > limit ? fill(told().together, { size: megabytes(together) }) : "";
  }
  function base64(file) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
      reader.onerror = () => reject(file);
      reader.readAsDataURL(file);
    });
  }
  async function load(found) {
    const files = found.filter((item) => known(item.name));
    const others = found.filter((item) => !known(item.name) && !item.name.startsWith("."));
    if (found.length === 0) { say("refused", told().empty); return; }
    const large = tooLarge(files.map((item) => item.file));
    say("refused", large);
    say("left-out", large ? "" : leftOut(others));
    if (large || files.length === 0) return;
    try {
      const sent = [];
      for (const item of files) sent.push({ name: item.path, content: await base64(item.file) });
      window.dash_clientside.set_props(at("files"), { data: { files: sent, at: Date.now() } });
    } catch (unread) {
      say("refused", fill(told().unread, { name: unread.name || "" }));
    }
  }
  const item = (file, path) => ({ name: file.name, path: path || file.webkitRelativePath || file.name, file: file });

  function choose(folder) {
    const field = document.createElement("input");
    field.type = "file";
    field.multiple = true;
    field.hidden = true;
    if (folder) field.webkitdirectory = true;
    field.addEventListener("change", () => { load([...field.files].map((file) => item(file))); field.remove(); });
    field.addEventListener("cancel", () => field.remove());
    document.body.append(field);
    field.click();
  }

  /* A dropped folder is walked: browsers hand over its files only when they are asked for one by one. */
  function entryFile(entry) { return new Promise((resolve, reject) => entry.file(resolve, reject)); }
  function entryBatch(reader) { return new Promise((resolve, reject) => reader.readEntries(resolve, reject)); }
  async function walk(entry, found) {
    if (entry.isFile) { found.push(item(await entryFile(entry), entry.fullPath.slice(1))); return; }
    const reader = entry.createReader();
    for (let batch = await entryBatch(reader); batch.length; batch = await entryBatch(reader))
      for (const inner of batch) await walk(inner, found);
  }
  async function dropped(transfer) {
    const entries = [...transfer.items].map((one) => one.webkitGetAsEntry?.()).filter(Boolean);
    if (entries.length === 0) return [...transfer.files].map((file) => item(file));
    const found = [];
    for (const entry of entries) await walk(entry, found);
    return found;
  }
  const zone = (event) => (event.target instanceof Element ? event.target.closest("#" + at("drop")) : null);
  const carriesFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.id === at("choose")) choose(false);
    if (button?.id === at("choose-folder")) choose(true);
    const left = button?.closest(".hd-leave-out");
    if (left) window.dash_clientside.set_props(at("leave"), { data: { name: left.dataset.name, at: Date.now() } });
    pick(event);
  });
  document.addEventListener("change", (event) => {
    const field = event.target instanceof Element ? event.target.closest(".hd-vendor") : null;
    if (!field) return;
    const asked = { file: field.dataset.file, vendor: field.value, at: Date.now() };
    window.dash_clientside.set_props(at("vendor"), { data: asked });
  });
  document.addEventListener("dragover", (event) => {
    if (!document.getElementById(at("drop")) || !carriesFiles(event)) return;
    event.preventDefault(); /* a file dropped beside the zone must not replace the page */
    document.getElementById(at("drop")).classList.toggle("hd-over-zone", Boolean(zone(event)));
    event.dataTransfer.dropEffect = zone(event) ? "copy" : "none";
  });
  document.addEventListener("dragleave", (event) => zone(event)?.classList.remove("hd-over-zone"));
  document.addEventListener("drop", (event) => {
    if (!document.getElementById(at("drop")) || !carriesFiles(event)) return;
    event.preventDefault();
    const place = zone(event);
    if (!place) return;
    place.classList.remove("hd-over-zone");
    dropped(event.dataTransfer).then(load, () => say("refused", fill(told().unread, { name: "" })));
  });

  /* ---- edits: one request at a time, so that no answer overtakes another ---- */
  let waiting = [];
  let sent = 0;
  let since = 0;
  let moving = false; /* rows come or go: cells wait until the lines are known again */
  let shown = { table: "", lines: {} };
  const grid = () => window.dash_ag_grid?.getApi("inputs-grid");

  function send(edits, redraw) {
    say("said", "");
    waiting.push({ table: shown.table, edits: edits, redraw: Boolean(redraw) });
    if (!sent || Date.now() - since > PATIENCE) next();
  }
  function next() {
    if (waiting.length === 0) { sent = 0; return; }
    const asked = waiting.shift();
    while (waiting.length && together(asked, waiting[0])) asked.edits.push(...waiting.shift().edits);
    moving = asked.edits.some((edit) => edit.kind !== "cell");
    since = Date.now();
    sent = Math.max(since, sent + 1);
    window.dash_clientside.set_props(at("edits"), { data: { ...asked, at: sent } });
  }
  function together(one, other) {
    const cells = (asked) => asked.edits.every((edit) => edit.kind === "cell");
    return one.table === other.table && !one.redraw && !other.redraw && cells(one) && cells(other);
  }

  /* ---- cells ---- */
  const grids = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  const markOf = (params) => (params.data ? shown.lines[String(params.data.line)]?.[params.colDef.field] : undefined);
  grids.hdWrong = (params) => Boolean(markOf(params));
  grids.hdMark = (params) => markOf(params) || "";
  grids.hdMayEdit = () => !moving;

  function focused() {
    const api = grid();
    const cell = api?.getFocusedCell();
    const row = cell ? api.getDisplayedRowAtIndex(cell.rowIndex) : null;
    return row ? { row: row, cell: cell, api: api } : null;
  }
  function lastLine() {
    const api = grid();
    const count = api ? api.getDisplayedRowCount() : 0;
    return count ? api.getDisplayedRowAtIndex(count - 1).data.line : 0;
  }

  /* From a fault in words to its cell. */
  function pick(event) {
    const line = event.target instanceof Element ? event.target.closest(".hd-pick tbody tr") : null;
    if (!line) return;
    const [file, row, column] = [...line.cells].map((cell) => cell.textContent);
    const stem = file.replace(/\.[^.]*$/, "");
    if (stem !== shown.table) {
      const tab = document.querySelector(`#inputs-tab input[value="${CSS.escape(stem)}"]`);
      if (!tab) return;
      tab.click();
    }
    const byKey = file.endsWith(".toml") && !line.closest(".hd-table-faults"); /* there rows are lines of the file */
    goTo(stem, byKey ? { key: column } : { line: row.replace(/\D/g, "") }, 40);
  }
  function goTo(stem, place, tries) {
    const api = grid();
    const node = shown.table === stem && api ? nodeAt(api, place) : null;
    if (!node) { if (tries > 0) setTimeout(() => goTo(stem, place, tries - 1), 50); return; }
    const key = Object.keys(shown.lines[node.data.line] || {})[0] || "c0";
    document.querySelector(".hd-edit-grid").scrollIntoView({ block: "center" });
    api.ensureIndexVisible(node.rowIndex, "middle");
    api.ensureColumnVisible(key);
    api.setFocusedCell(node.rowIndex, key);
  }

  function nodeAt(api, place) {
    if (!place.key) return api.getRowNode(place.line) || api.getRowNode("0"); /* a fault of the header */
    let found = null;
    api.forEachNode((node) => { if (!found && place.key.startsWith(node.data.c0)) found = node; });
    return found;
  }

  /* A block copied in Excel fills the cells from the focused one on; what is beyond the last row becomes rows. */
  document.addEventListener("paste", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const place = target?.closest(".hd-edit-grid") && !target.closest("input, textarea") ? focused() : null;
    if (!place || moving) return;
    event.preventDefault();
    const block = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    const edits = pasted(place, block.split("\n").map((line) => line.split("\t")));
    if (edits.length) send(edits, true);
  });
  function pasted(place, block) {
    const first = Number(place.cell.column.getColId().slice(1));
    if (!/^c\d+$/.test(place.cell.column.getColId())) return [];
    const edits = [];
    const end = lastLine();
    block.forEach((cells, r) => {
      const row = place.api.getDisplayedRowAtIndex(place.cell.rowIndex + r);
      if (!row) edits.push({ kind: "add", line: end, text: "\t".repeat(first) + cells.join("\t") });
      cells.forEach((text, c) => {
        const column = place.api.getColumn("c" + (first + c));
        if (row && column) edits.push({ kind: "cell", line: row.data.line, column: first + c, text: text.trim() });
      });
    });
    return edits;
  }

  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const undo = document.getElementById(at("undo"));
    if (!undo || !target || target.closest("input, textarea, select")) return;
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") {
      event.preventDefault();
      if (!undo.disabled) undo.click();
      return;
    }
    const place = event.key === "Delete" && target.closest(".hd-edit-grid") ? focused() : null;
    const column = place?.cell.column.getColId() || "";
    if (place && !moving && /^c\d+$/.test(column)) {
      event.preventDefault();
      send([{ kind: "cell", line: place.row.data.line, column: Number(column.slice(1)), text: "" }], true);
    }
  });

  let focusedDraft = "";
  function focusPreview(draft, tries) {
    const heading = document.getElementById(at("preview-title"));
    if (heading && heading.offsetParent && heading.textContent) {
      focusedDraft = draft;
      heading.closest(".hd-preview").scrollIntoView({ block: "start" });
      heading.focus({ preventScroll: true });
    } else if (tries > 0) setTimeout(() => focusPreview(draft, tries - 1), 50);
  }

  window.dash_clientside.inputs = {
    recall: function () {
      try { return JSON.parse(sessionStorage.getItem(KEPT)); } catch (refused) { return null; }
    },
    remember: function (draft) {
      try { sessionStorage.setItem(KEPT, JSON.stringify(draft)); } catch (refused) { /* private window */ }
      if (draft?.kind === "edit") ["refused", "left-out"].forEach((thing) => say(thing, ""));
      if (draft?.kind === "import" && draft.turn > 0 && draft.draft !== focusedDraft) focusPreview(draft.draft, 40);
    },
    changed: function (changes) {
      const edits = (changes || [])
        .filter((change) => /^c\d+$/.test(change.colId) && change.value !== change.oldValue)
        .map((change) => ({
          kind: "cell", line: change.data.line, column: Number(change.colId.slice(1)), text: change.value ?? "",
        }));
      if (edits.length) send(edits);
    },
    /* Edits of another grid, which knows its own lines: they wait for their turn like the others. */
    ask: function (edits) { send(edits); },
    answered: function () { moving = false; next(); },
    mark: function (marks) {
      shown = marks || { table: "", lines: {} };
      setTimeout(() => grid()?.refreshCells({ force: true }), 0);
    },
    row: function (add, remove) {
      if (!add && !remove) return;
      const asked = window.dash_clientside.callback_context.triggered[0]?.prop_id || "";
      const place = focused();
      if (asked.startsWith("inputs-add")) send([{ kind: "add", line: place ? place.row.data.line : lastLine() }]);
      else if (place) send([{ kind: "remove", line: place.row.data.line }]);
      else say("table-note", told().row);
    },
  };
})();
