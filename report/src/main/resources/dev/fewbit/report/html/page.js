// Puts the page together. What the reader chose is kept in the address, so that a view can be
// sent to somebody: report.html#sort=sqnr&dir=descending&filter=attention&select=12&scale=log

const byId = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");

const state = {
  sort: "",
  dir: "ascending",
  scale: asked.get("scale") === "log" ? "log" : "linear",
  select: "",
  ready: false,
  save() {
    if (!state.ready) {
      return;
    }
    const form = byId("weight-controls").elements;
    const entries = {
      sort: state.sort,
      dir: state.sort && state.dir,
      filter: form.filter.value,
      operator: form.operator.value,
      format: form.format.value,
      select: state.select,
      scale: state.scale === "log" ? "log" : "",
    };
    const kept = Object.entries(entries).filter((entry) => entry[1]);
    try {
      history.replaceState(null, "", kept.length ? "#" + new URLSearchParams(kept) : "#weights");
    } catch {
      // A page inside another may not change its address; only the link is lost.
    }
  },
};

function theme() {
  const button = byId("theme");
  const prefers = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (document.documentElement.dataset.theme ?? (prefers.matches ? "dark" : "light")) === "dark";
  const label = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.ariaLabel = isDark() ? "Switch to light colours" : "Switch to dark colours";
  };
  button.addEventListener("click", () => {
    const next = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem("fewbit-theme", next);
    } catch {
      // Not kept then; it holds for this visit.
    }
    label();
  });
  prefers.addEventListener("change", label);
  label();
}

function weights() {
  const table = byId("weight-table");
  if (!table) {
    return;
  }
  const view = byId("weights-view");
  const histograms = JSON.parse(byId("histograms").textContent);
  const rows = [...table.tBodies[0].rows];
  const detail = node("tr", { className: "detail" }, node("td", { colSpan: table.tHead.rows[0].cells.length }));
  let chosen = null;

  new ResizeObserver(() => view.style.setProperty("--view", `${view.clientWidth}px`)).observe(view);

  function close() {
    if (chosen) {
      chosen.classList.remove("chosen");
      chosen.querySelector(".pick").ariaExpanded = "false";
    }
    detail.remove();
    chosen = null;
    state.select = "";
  }
  function choose(row) {
    const again = row === chosen;
    close();
    if (!again) {
      chosen = row;
      row.classList.add("chosen");
      row.querySelector(".pick").ariaExpanded = "true";
      detail.cells[0].replaceChildren(weightDetail(row, histograms[row.dataset.i], state));
      row.after(detail);
      state.select = row.dataset.i;
    }
    state.save();
  }

  table.tBodies[0].addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    // Marking text in a row is not choosing it.
    if (row && row !== detail && (event.target.closest(".pick") || getSelection().isCollapsed)) {
      choose(row);
    }
  });
  table.tBodies[0].addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && chosen) {
      const button = chosen.querySelector(".pick");
      close();
      state.save();
      button.focus();
    } else if (step && event.target.matches(".pick")) {
      const visible = [...table.tBodies[0].rows].filter((row) => row !== detail && !row.hidden);
      const next = visible[visible.indexOf(event.target.closest("tr")) + step];
      if (next) {
        event.preventDefault();
        next.querySelector(".pick").focus();
      }
    }
  });

  const follow = () => {
    if (chosen) {
      detail.hidden = chosen.hidden;
      chosen.after(detail);
    }
  };
  const sort = sortable(table, (key, direction) => {
    state.sort = key;
    state.dir = direction;
    view.scrollTop = 0;
    show();
  });
  const form = byId("weight-controls");
  for (const name of ["filter", "operator", "format"]) {
    form.elements[name].value = asked.get(name) ?? "";
  }
  const show = filterable(table, view, form, byId("weight-count"), () => {
    follow();
    state.save();
  });
  if (asked.has("sort")) {
    sort(asked.get("sort"), asked.get("dir") ?? "ascending");
  }
  const wanted = rows[Number(asked.get("select") ?? -1)];
  show(wanted);
  // One detail is open from the start, so that nobody has to find out that there are any.
  const first = wanted ?? [...table.tBodies[0].rows].find((row) => !row.hidden && histograms[row.dataset.i]);
  if (first) {
    choose(first);
    if (wanted) {
      view.scrollTop = first.offsetTop - table.tHead.offsetHeight;
    }
  }
  if ([...asked.keys()].some((key) => key !== "theme")) {
    byId("weights").scrollIntoView();
  }
  state.ready = true;
}

theme();
weights();
for (const id of ["skipped-table", "layer-table", "choice-table"]) {
  if (byId(id)) {
    sortable(byId(id));
  }
}
if (byId("layer-table")) {
  layerChart(byId("layer-chart"), byId("layer-table"));
}
