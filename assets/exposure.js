/* The Exposure page in the browser: its parts, and the cells of the forecast, which lies there by month. */
window.dash_clientside = window.dash_clientside || {};
(function () {
  const PARTS = ["open", "usage", "forecast"];
  const grids = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  const isTotal = (params) => params.node?.rowPinned || params.data?.id === "total";
  grids.hdMayEditMonth = (params) => !isTotal(params);
  grids.hdMonthWrong = (params) => Boolean(params.data?.marks?.[params.colDef.field]);
  grids.hdMonthMark = (params) => params.data?.marks?.[params.colDef.field] || params.value || "";
  /* As the file has it, but for decimals that nobody reads; the editor and the tooltip have all of them. */
  grids.hdMonthText = (params) => {
    const text = params.value ?? "";
    return /^\d{3,}\.\d{2,}$/.test(text) ? Number(text).toFixed(1) : text;
  };

  /* A cell that has a line changes it; one that has none yet adds it. Its month is what the column's header names. */
  function editOf(change) {
    const line = change.data.lines[change.colId];
    const text = String(change.value ?? "").trim();
    if (line) return { kind: "cell", line: line, text: text };
    const column = window.dash_ag_grid.getApi("exposure-grid").getColumn(change.colId);
    const { model, meter, team } = change.data;
    return { kind: "add", model: model, meter: meter, team: team, month: column.getColDef().headerTooltip, text: text };
  }

  document.addEventListener("change", (event) => {
    const field = event.target instanceof Element ? event.target.closest(".hd-vendor") : null;
    if (!field) return;
    const asked = { file: field.dataset.file, vendor: field.value, at: Date.now() };
    window.dash_clientside.set_props("exposure-vendor", { data: asked });
  });

  window.dash_clientside.exposure = {
    section: function (chosen) {
      document.querySelector(".hd-exposure")?.setAttribute("data-section", chosen);
      return PARTS.map((part) => part !== chosen);
    },
    edited: function (changes) {
      const edits = (changes || [])
        .filter((change) => /^m\d+$/.test(change.colId) && change.value !== change.oldValue)
        .map(editOf)
        .filter((edit) => edit.line || edit.text);
      if (edits.length) window.dash_clientside.inputs.ask(edits);
    },
  };
})();
