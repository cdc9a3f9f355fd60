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

/** So many rows are laid out at first, and so many more whenever the reader comes near the end. */
const ROWS_AT_ONCE = 150;

/**
 * Shows only the rows that match the form, and of those no more than have been scrolled to: laying
 * out thousands takes a browser a second. Returns a function that applies it anew.
 */
function filterable(table, view, form, count, changed) {
  let limit = ROWS_AT_ONCE;
  let matching = 0;
  const entries = new Map();
  for (const row of table.tBodies[0].rows) {
    entries.set(row, {
      text: (row.textContent + " " + row.dataset.nodes).toLowerCase(),
      operator: row.querySelector(".col-operator").textContent,
      format: row.querySelector(".col-format").textContent,
    });
  }

  function apply() {
    const words = form.elements.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const operator = form.elements.operator.value;
    const format = form.elements.format.value;
    matching = 0;
    for (const row of table.tBodies[0].rows) {
      const entry = entries.get(row);
      if (!entry) {
        continue;
      }
      const match =
        words.every((word) => entry.text.includes(word)) &&
        (operator === "" || entry.operator === operator) &&
        (format === "" || entry.format === format);
      matching += match;
      row.hidden = !match || matching > limit;
    }
    count.textContent = matching === entries.size ? `${matching} in all` : `${matching} of ${entries.size}`;
    changed?.();
  }

  form.addEventListener("input", () => {
    limit = ROWS_AT_ONCE;
    apply();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  view.addEventListener("scroll", () => {
    if (matching > limit && view.scrollTop + view.clientHeight > view.scrollHeight - 1000) {
      limit += ROWS_AT_ONCE;
      apply();
    }
  });
  addEventListener("beforeprint", () => {
    limit = Infinity;
    apply();
  });
  /** With a row given, goes on until that one is shown. */
  return (row) => {
    limit = ROWS_AT_ONCE;
    if (row) {
      limit = Math.max(limit, [...table.tBodies[0].rows].indexOf(row) + ROWS_AT_ONCE);
    }
    apply();
  };
}
