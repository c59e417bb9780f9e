/* The Exposure page in the browser: its parts, and the cells of the forecast, which lies there by month. */
window.dash_clientside = window.dash_clientside || {};
(function () {
  const PARTS = ["open", "usage", "forecast"];
  const grids = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  const isTotal = (params) => params.node?.rowPinned || params.data?.id === "total";
  grids.hdMayEditMonth = (params) => !isTotal(params);
  grids.hdMonthWrong = (params) => Boolean(params.data?.marks?.[params.colDef.field]);
  grids.hdMonthMark = (params) => params.data?.marks?.[params.colDef.field] || params.value || "";
  /* As the file has it, but for thousands, and decimals that nobody reads; the editor and the tooltip have all of them. */
  grids.hdMonthText = (params) => {
    const text = params.value ?? "";
    if (!/^\d{3,}(\.\d+)?$/.test(text)) return text;
    const decimals = text.includes(".") ? 1 : 0;
    return Number(text).toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  };

  const grid = () => window.dash_ag_grid?.getApi("exposure-grid");
  const isMonth = (column) => /^m\d+$/.test(column.getColId());

  /* A cell that has a line changes it; one that has none yet adds it. Its month is what the column's header names. */
  function editOf(row, column, value) {
    const line = row.lines[column.getColId()];
    const text = String(value ?? "").trim();
    if (line) return { kind: "cell", line: line, text: text };
    const { model, meter, team } = row;
    return { kind: "add", model: model, meter: meter, team: team, month: column.getColDef().headerTooltip, text: text };
  }
  function ask(edits) {
    const found = edits.filter((edit) => edit.line || edit.text);
    if (found.length) window.dash_clientside.inputs.ask(found);
  }

  /* A block copied in Excel fills the months from the focused cell on, down to the last row and never the total. */
  document.addEventListener("paste", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const cell = target?.closest(".hd-forecast-grid") && !target.closest("input, textarea") ? grid()?.getFocusedCell() : null;
    if (!cell || cell.rowPinned || !isMonth(cell.column)) return;
    event.preventDefault();
    const block = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    ask(pasted(cell, block.split("\n").map((line) => line.split("\t"))));
  });
  function pasted(cell, block) {
    const months = grid().getAllDisplayedColumns().filter(isMonth);
    const first = months.indexOf(cell.column);
    return block.flatMap((texts, r) => {
      const row = grid().getDisplayedRowAtIndex(cell.rowIndex + r)?.data;
      const shown = texts.slice(0, months.length - first);
      return row ? shown.map((text, c) => editOf(row, months[first + c], text)) : [];
    });
  }

  window.dash_clientside.exposure = {
    section: function (chosen) {
      document.querySelector(".hd-exposure")?.setAttribute("data-section", chosen);
      return PARTS.map((part) => part !== chosen);
    },
    edited: function (changes) {
      ask((changes || [])
        .filter((change) => /^m\d+$/.test(change.colId) && change.value !== change.oldValue)
        .map((change) => editOf(change.data, grid().getColumn(change.colId), change.value)));
    },
  };
})();
