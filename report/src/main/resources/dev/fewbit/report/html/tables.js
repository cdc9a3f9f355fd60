// Sorting of every table of class "sortable", and filtering of the table of weights.

/** What a cell is sorted by: its number where it has one, its text otherwise. */
function sortKey(cell) {
  return cell.dataset.v === undefined ? cell.textContent.toLowerCase() : Number(cell.dataset.v);
}

/** Orders two keys; what is not a number comes last in both directions. */
function order(a, b, sign) {
  if (typeof a === "number" && typeof b === "number") {
    if (Number.isNaN(a) || Number.isNaN(b)) {
      return Number.isNaN(a) - Number.isNaN(b);
    }
    // Not a difference: infinity minus infinity is not a number.
    return sign * ((a > b) - (a < b));
  }
  return sign * String(a).localeCompare(String(b), "en", { numeric: true });
}

/** Makes a table's headings sort it; returns a function that sorts by a column's key. */
function sortable(table, changed) {
  const body = table.tBodies[0];
  const original = [...body.rows];
  const headings = [...table.tHead.rows[0].cells];

  function sort(key, direction) {
    const column = headings.findIndex((heading) => heading.dataset.key === key);
    if (column < 0 || !headings[column].querySelector(".sort")) {
      return;
    }
    const sign = direction === "descending" ? -1 : 1;
    const keyed = original.map((row) => [sortKey(row.cells[column]), row]);
    keyed.sort((a, b) => order(a[0], b[0], sign));
    body.append(...keyed.map((pair) => pair[1]));
    headings.forEach((heading) => heading.removeAttribute("aria-sort"));
    headings[column].setAttribute("aria-sort", direction === "descending" ? "descending" : "ascending");
    changed?.(key, direction);
  }

  for (const heading of headings) {
    heading.querySelector(".sort")?.addEventListener("click", () => {
      sort(heading.dataset.key, heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending");
    });
  }
  return sort;
}

/** Shows only the rows that match the form; returns a function that applies it anew. */
function filterable(table, form, count, changed) {
  const rows = [...table.tBodies[0].rows].map((row) => ({
    row,
    text: (row.textContent + " " + row.dataset.nodes).toLowerCase(),
    operator: row.querySelector(".col-operator").textContent,
    format: row.querySelector(".col-format").textContent,
  }));

  function apply() {
    const words = form.elements.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const operator = form.elements.operator.value;
    const format = form.elements.format.value;
    let shown = 0;
    for (const entry of rows) {
      const match =
        words.every((word) => entry.text.includes(word)) &&
        (operator === "" || entry.operator === operator) &&
        (format === "" || entry.format === format);
      entry.row.hidden = !match;
      shown += match;
    }
    count.textContent = shown === rows.length ? `${shown} shown` : `${shown} of ${rows.length} shown`;
    changed?.();
  }

  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  return apply;
}
