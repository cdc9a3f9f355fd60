// The chart of the error along the network, drawn from the rows of the table below it.

/** As many values as this are marked as the worst. */
const WORST = 8;

function layerChart(holder, table) {
  const layers = [...table.tBodies[0].rows].map((row) => ({
    name: row.querySelector(".col-value").textContent,
    operator: row.querySelector(".col-operator").textContent,
    decibels: Number(row.querySelector(".col-sqnr").dataset.v),
    words: row.querySelector(".col-sqnr").textContent,
  }));
  const finite = layers.filter((layer) => Number.isFinite(layer.decibels));
  const worst = new Set([...finite].sort((a, b) => a.decibels - b.decibels).slice(0, layers.length > WORST ? WORST : 0));
  const lowest = finite.reduce((low, layer) => Math.min(low, layer.decibels), Infinity);
  const highest = finite.reduce((high, layer) => Math.max(high, layer.decibels), -Infinity);
  const bounds = finite.length
    ? [Math.min(0, Math.floor(lowest / 10) * 10), Math.max(10, Math.ceil(highest / 10) * 10)]
    : [0, 60];
  let chosen = 0;

  onWidth(holder, (width) => draw(width));

  function draw(width) {
    const wide = width > 560;
    const height = Math.round(Math.min(360, Math.max(240, width * 0.32)));
    const edge = { left: 46, right: wide ? 88 : 10, top: 26, bottom: 38 };
    const bottom = height - edge.bottom;
    const room = width - edge.left - edge.right - 12;
    const x = (i) => edge.left + 6 + (layers.length === 1 ? room / 2 : (i / (layers.length - 1)) * room);
    const inside = (decibels) => bottom - ((decibels - bounds[0]) / (bounds[1] - bounds[0])) * (bottom - edge.top);
    // Values without any error lie on a rail above the plot, values that are not numbers on its floor.
    const y = (decibels) => (decibels === Infinity ? 10 : Number.isFinite(decibels) ? inside(decibels) : bottom);
    const svg = shape("svg", {
      viewBox: `0 0 ${width} ${height}`,
      tabindex: 0,
      role: "slider",
      "aria-label": "Error along the network; arrow keys move from value to value",
      "aria-valuemin": 1,
      "aria-valuemax": layers.length,
      "aria-valuenow": chosen + 1,
    });
    const steps = ticks(bounds[0], bounds[1], Math.max(3, (bottom - edge.top) / 50));
    for (const tick of steps) {
      svg.append(shape("line", { class: "grid", x1: edge.left, x2: width - edge.right, y1: y(tick), y2: y(tick) }));
      svg.append(shape("text", { x: edge.left - 8, y: y(tick) + 4, "text-anchor": "end" }, figure(tick)));
      if (wide) {
        svg.append(shape("text", { x: width - edge.right + 8, y: y(tick) + 4 }, `${Number((100 * 10 ** (-tick / 20)).toPrecision(2))} %`));
      }
    }
    if (wide) {
      svg.append(shape("text", { x: width - edge.right + 8, y: 14 }, "error share"));
    }
    if (layers.some((layer) => layer.decibels === Infinity)) {
      svg.append(shape("text", { x: edge.left - 8, y: 14, "text-anchor": "end" }, "exact"));
    } else {
      svg.append(shape("text", { x: edge.left - 8, y: 14, "text-anchor": "end" }, "dB"));
    }
    for (const tick of ticks(1, layers.length, Math.max(2, width / 120)).filter((tick) => Number.isInteger(tick) && tick >= 1)) {
      svg.append(shape("text", { x: x(tick - 1), y: bottom + 18, "text-anchor": "middle" }, tick));
    }
    svg.append(shape("text", { x: edge.left + room / 2, y: height - 3, "text-anchor": "middle" }, "values in the order of execution"));

    let path = "";
    let drawing = false;
    layers.forEach((layer, i) => {
      const there = Number.isFinite(layer.decibels);
      path += there ? `${drawing ? "L" : "M"}${x(i).toFixed(1)} ${y(layer.decibels).toFixed(1)}` : "";
      drawing = there;
    });
    svg.append(shape("path", { class: "line", d: path }));
    const radius = layers.length > 400 ? 1.4 : layers.length > 120 ? 2 : 3;
    const dot = (i, r) => `M${(x(i) - r).toFixed(1)} ${y(layers[i].decibels).toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
    const groups = { dots: "", low: "", exact: "" };
    layers.forEach((layer, i) => {
      const kind = layer.decibels === Infinity ? "exact" : worst.has(layer) || !Number.isFinite(layer.decibels) ? "low" : "dots";
      groups[kind] += dot(i, kind === "low" ? radius + 1 : radius);
    });
    for (const [kind, d] of Object.entries(groups)) {
      if (d) {
        svg.append(shape("path", { class: kind, d }));
      }
    }
    const cursor = shape("line", { class: "cursor", y1: edge.top - 8, y2: bottom, visibility: "hidden" });
    const spot = shape("circle", { class: "spot", r: 5, visibility: "hidden" });
    const tip = node("div", { className: "tip", hidden: true });
    svg.append(cursor, spot);

    function show(i) {
      chosen = Math.max(0, Math.min(layers.length - 1, i));
      const layer = layers[chosen];
      const value = /\d/.test(layer.words) ? `${layer.words} dB` : layer.words;
      for (const [name, at] of [["x1", x(chosen)], ["x2", x(chosen)], ["visibility", "visible"]]) {
        cursor.setAttribute(name, at);
      }
      spot.setAttribute("cx", x(chosen));
      spot.setAttribute("cy", y(layer.decibels));
      spot.setAttribute("visibility", "visible");
      svg.setAttribute("aria-valuenow", chosen + 1);
      svg.setAttribute("aria-valuetext", `${layer.name}, ${layer.operator}: ${value}`);
      tip.replaceChildren(node("b", {}, value), node("bdi", { className: "name" }, ...breakable(layer.name)), node("div", {}, node("bdi", {}, layer.operator), `, no. ${chosen + 1}`));
      tip.hidden = false;
      const shrink = svg.getBoundingClientRect().width / width || 1;
      const left = x(chosen) * shrink;
      tip.style.left = `${Math.max(0, Math.min(left + 14, width * shrink - tip.offsetWidth))}px`;
      tip.style.top = `${y(layer.decibels) * shrink + (y(layer.decibels) > height / 2 ? -tip.offsetHeight - 12 : 14)}px`;
    }
    function hide() {
      tip.hidden = true;
      cursor.setAttribute("visibility", "hidden");
      spot.setAttribute("visibility", "hidden");
    }
    svg.addEventListener("pointermove", (event) => {
      const box = svg.getBoundingClientRect();
      const at = ((event.clientX - box.left) * width) / box.width - edge.left - 6;
      show(Math.round((at / room) * (layers.length - 1)));
    });
    svg.addEventListener("pointerleave", () => document.activeElement === svg || hide());
    svg.addEventListener("focus", () => svg.matches(":focus-visible") && show(chosen));
    svg.addEventListener("blur", hide);
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: -10, PageDown: 10 }[event.key];
      const target = step ? chosen + step : event.key === "Home" ? 0 : event.key === "End" ? layers.length - 1 : null;
      if (target !== null) {
        event.preventDefault();
        show(target);
      }
    });
    holder.replaceChildren(svg, tip);
  }
}
