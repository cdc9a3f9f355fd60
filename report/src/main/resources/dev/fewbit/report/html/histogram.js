// The detail of one weight: its distribution, with the quantization levels drawn over it.

/** Levels closer together than this, in pixels, are drawn thin; closer than a pixel, not at all. */
const CROWDED = 6;

/** The levels of a histogram as a list of numbers. */
function levelsOf(histogram) {
  if (!histogram.u) {
    return histogram.l;
  }
  const [first, step, count] = histogram.u;
  return Array.from({ length: count }, (_, i) => first + i * step);
}

/** Draws one histogram into an element, once for each width. */
function drawHistogram(holder, readout, histogram, levels, logarithmic, width) {
  const height = Math.round(Math.min(340, Math.max(210, width * 0.44)));
  const edge = { left: 52, right: 12, top: 10, bottom: 40 };
  const plotWidth = width - edge.left - edge.right;
  const bottom = height - edge.bottom;
  const counts = histogram.c;
  const weightsEnd = histogram.e + histogram.w * counts.length;
  let low = Math.min(histogram.e, ...(levels.length ? [levels[0]] : []));
  let high = Math.max(weightsEnd, ...(levels.length ? [levels[levels.length - 1]] : []));
  const room = (high - low) * 0.01;
  low -= room;
  high += room;
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  const x = (value) => edge.left + ((value - low) / (high - low)) * plotWidth;
  const scaled = logarithmic ? (count) => Math.log10(1 + count) / Math.log10(1 + most) : (count) => count / most;
  const y = (count) => bottom - scaled(count) * (bottom - edge.top);

  const svg = shape("svg", {
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-label": `Histogram of the weights from ${figure(histogram.e)} to ${figure(weightsEnd)} with ${levels.length} quantization levels`,
  });
  const countTicks = logarithmic
    ? Array.from({ length: Math.floor(Math.log10(most)) + 1 }, (_, i) => 10 ** i).filter((_, i, all) => all.length < 6 || i % 2 === 0)
    : ticks(0, most, 4);
  for (const tick of countTicks) {
    svg.append(shape("line", { class: "grid", x1: edge.left, x2: width - edge.right, y1: y(tick), y2: y(tick) }));
    svg.append(shape("text", { x: edge.left - 8, y: y(tick) + 4, "text-anchor": "end" }, compactCount(tick)));
  }
  let path = `M${x(histogram.e).toFixed(1)} ${bottom}`;
  counts.forEach((count, i) => {
    path += `V${y(count).toFixed(1)}H${x(histogram.e + (i + 1) * histogram.w).toFixed(1)}`;
  });
  svg.append(shape("path", { class: "bins", d: `${path}V${bottom}z` }));
  if (levels.length) {
    const apart = levels.length > 1 ? (x(levels[levels.length - 1]) - x(levels[0])) / (levels.length - 1) : plotWidth;
    const lines = (from, to) => levels.map((level) => `M${x(level).toFixed(1)} ${from}V${to}`).join("");
    if (apart >= 1) {
      svg.append(shape("path", { class: apart < CROWDED ? "levels many" : "levels", d: lines(edge.top, bottom) }));
      svg.append(shape("path", { class: "rug", d: lines(bottom, bottom + 7) }));
    } else {
      const from = x(levels[0]);
      svg.append(shape("path", { class: "rug", style: "stroke-width:7", d: `M${from} ${bottom + 3.5}H${x(levels[levels.length - 1])}` }));
    }
  }
  svg.append(shape("line", { class: "grid", x1: edge.left, x2: width - edge.right, y1: bottom, y2: bottom }));
  for (const tick of ticks(low, high, Math.max(4, plotWidth / 110))) {
    svg.append(shape("text", { x: x(tick), y: bottom + 22, "text-anchor": "middle" }, figure(tick)));
  }
  svg.append(shape("text", { x: edge.left + plotWidth / 2, y: height - 2, "text-anchor": "middle" }, "value of the weight"));
  const cursor = shape("line", { class: "cursor", y1: edge.top, y2: bottom, visibility: "hidden" });
  svg.append(cursor);
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const value = low + ((((event.clientX - box.left) * width) / box.width - edge.left) / plotWidth) * (high - low);
    if (value < low || value > high) {
      return;
    }
    cursor.setAttribute("x1", x(value));
    cursor.setAttribute("x2", x(value));
    cursor.setAttribute("visibility", "visible");
    readout.textContent = describe(histogram, levels, value);
  });
  svg.addEventListener("pointerleave", () => {
    cursor.setAttribute("visibility", "hidden");
    readout.textContent = "";
  });
  holder.replaceChildren(svg);
}

/** What is at one place of the histogram, in words. */
function describe(histogram, levels, value) {
  const bin = Math.floor((value - histogram.e) / histogram.w);
  const count = histogram.c[bin] ?? 0;
  const from = histogram.e + bin * histogram.w;
  let words = `${count.toLocaleString("en")} ${count === 1 ? "weight" : "weights"} from ${figure(from)} to ${figure(from + histogram.w)}`;
  if (levels.length) {
    const nearest = levels.reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a));
    words += ` \u00b7 nearest level ${figure(nearest)}`;
  }
  return words;
}

/** A count on an axis: 1200000 as 1.2M. */
function compactCount(count) {
  const [size, unit] = count >= 1e9 ? [1e9, "G"] : count >= 1e6 ? [1e6, "M"] : count >= 1e3 ? [1e3, "k"] : [1, ""];
  return String(Number((count / size).toPrecision(3))) + unit;
}

/** The whole detail of one row: the chart with its switch, and the facts beside it. */
function weightDetail(row, histogram, state) {
  const cell = (key) => row.querySelector(`.col-${key}`).textContent;
  const facts = node("dl", { className: "facts" });
  for (const [name, value] of [
    ["Used by", [row.dataset.nodes, cell("operator")].filter(Boolean).join(" \u00b7 ")],
    ["Shape", cell("shape")],
    ["Format", `${cell("format")}, ${cell("granularity")}`],
    ["Rounding", cell("rounding")],
    ["Encoding", cell("encoding")],
    ["Size", `${cell("before")} \u2192 ${cell("after")}, ${cell("bits")} bits a weight`],
    ["Weights", row.dataset.range],
    ["SQNR", /\d/.test(cell("sqnr")) ? `${cell("sqnr")} dB` : cell("sqnr")],
    ["Limit", /\d/.test(row.dataset.limit) ? `${row.dataset.limit} dB with one table of levels of as many bits` : ""],
    ["Gap", /\d/.test(cell("gap")) ? `${cell("gap")} dB` : ""],
    ["Largest error", row.dataset.error],
    ["Reason", cell("reason")],
  ]) {
    if (value) {
      facts.append(node("dt", {}, name), node("dd", {}, node("bdi", {}, ...breakable(value))));
    }
  }
  const left = node("div");
  if (!histogram) {
    left.append(node("p", { className: "empty" }, "The distribution of this weight was not recorded."));
    return node("div", { className: "detail-inner" }, left, facts);
  }
  const levels = levelsOf(histogram);
  const holder = node("div", { className: "chart" });
  const readout = node("p", { className: "readout" });
  const bar = node("div", { className: "chart-bar" }, node("span", { className: "key" }, "weights"));
  if (levels.length) {
    const what = levels.length === 1 ? "the one level" : `${levels.length.toLocaleString("en")} levels`;
    bar.append(node("span", { className: "key level" }, `${what} of a typical group`));
  }
  const choice = node("span", { className: "switch", role: "group", ariaLabel: "Scale of the counts" });
  const draw = (width) => drawHistogram(holder, readout, histogram, levels, state.scale === "log", width);
  for (const [scale, label] of [["linear", "linear"], ["log", "log"]]) {
    const button = node("button", { type: "button", ariaPressed: String(state.scale === scale) }, label);
    button.addEventListener("click", () => {
      state.scale = scale;
      [...choice.children].forEach((other) => { other.ariaPressed = String(other === button); });
      draw(Math.round(holder.clientWidth));
      state.save();
    });
    choice.append(button);
  }
  bar.append(choice);
  left.append(bar, holder, readout);
  onWidth(holder, draw);
  return node("div", { className: "detail-inner" }, left, facts);
}
