// Helpers for drawing charts as SVG. Text always goes in as text, never as markup.

const svgElement = document.createElementNS.bind(document, "http://www.w3.org/2000/svg");

/** An SVG element with attributes and, if given, text. */
function shape(name, attributes, text) {
  const element = svgElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  if (text !== undefined) {
    element.textContent = text;
  }
  return element;
}

/** An HTML element with properties and children. */
function node(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** Text that may be broken after its separators, as long names need. */
function breakable(text) {
  return text.split(/(?<=[/.:_])(?![/.:_])/).flatMap((part) => [part, node("wbr")]);
}

/** Round values that divide the span into about `count` steps. */
function ticks(low, high, count) {
  const span = high - low;
  if (!(span > 0)) {
    return [low];
  }
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const values = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    values.push(i * step);
  }
  return values;
}

/** A number to three digits, with a real minus sign. */
function figure(value) {
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-4 || size >= 1e6) ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replace(/-/g, "\u2212");
}

/** The width of a chart on paper, in pixels: text drawn at this width has the size of a small print. */
const PAPER_WIDTH = 720;

/** Calls back with the element's width now and whenever it changes, also to and from paper. */
function onWidth(element, draw) {
  let last = 0;
  new ResizeObserver(() => {
    const width = Math.round(element.clientWidth);
    if (width > 0 && width !== last) {
      last = width;
      draw(width);
    }
  }).observe(element);
  addEventListener("beforeprint", () => element.isConnected && draw(PAPER_WIDTH));
  addEventListener("afterprint", () => element.isConnected && last > 0 && draw(last));
}
