// data_visualization as inline SVG, with the same figures as a table.

import { freshId, h, svg } from "./dom.js";

const HEIGHT = 290;
const PAD = { top: 14, right: 12, bottom: 40, left: 58 };
const REMARK = 13; // a remark under a category

export function chart(block) {
  const { chart: data, title } = block;
  const titleId = freshId("chart");
  const area = h("div", { class: "chart-area" });
  const table = figures(data, title);
  table.hidden = true;
  const toggle = h(
    "button",
    {
      type: "button",
      "aria-pressed": "false",
      onclick: () => {
        table.hidden = !table.hidden;
        area.hidden = !table.hidden;
        toggle.setAttribute("aria-pressed", String(!table.hidden));
      },
    },
    "Show as table",
  );
  let drawn = 0;
  new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (!width || width === drawn) return;
    drawn = width;
    area.replaceChildren(...course(data, width, title));
  }).observe(area);
  return h(
    "figure",
    { class: "chart-card", "aria-labelledby": titleId },
    h("div", { class: "chart-top" }, h("figcaption", { id: titleId }, title), toggle),
    area,
    table,
  );
}

function contains(title, name) {
  return title.toLowerCase().includes(name.toLowerCase());
}

function spoken(data, title) {
  return `${title}: ${summary(data)}`;
}

// "16 Mar (so far)": a period that is not over is drawn as not done.
function isRunning(category) {
  return category.endsWith(" (so far)");
}

function summary(data) {
  const points = (list) => list.map((each) => `${each.label} ${each.value}`).join(", ");
  return `${data.type} chart. ${data.series.map((s) => `${s.name}: ${points(s.data)}`).join(". ")}`;
}

function figures({ series, axis_config: { categories, x_label: first } }, title) {
  const head = [first ?? "Category", ...series.map(({ name }) => name)];
  const row = (label) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, label),
      series.map((each) => h("td", { class: "number" }, String(valueAt(each, label)))),
    );
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "group", "aria-label": `${title}, as a table` },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, head.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, categories.map(row)),
    ),
  );
}

function valueAt(series, label) {
  return series.data.find((point) => point.label === label)?.value ?? 0;
}

function ticks(low, high) {
  const span = high - low || 1;
  const rough = span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const first = Math.floor(low / step) * step;
  const found = [];
  for (let tick = first; tick < high + step; tick += step) found.push(Number(tick.toFixed(6)));
  return found;
}

// bar, line and area share axes.
function course(data, width, title) {
  const { categories, x_label: xLabel, y_label: yLabel } = data.axis_config;
  // What there is one of is named by the title, or else by the axis: a legend would repeat it.
  const isNamed = data.series.length === 1 && contains(title, yLabel ?? data.series[0].name);
  const values = data.series.flatMap((series) => series.data.map((point) => point.value));
  const marks = ticks(Math.min(0, ...values), Math.max(0, ...values));
  const rows = categories.map((name) => name.split(/ \((.*)\)$/).filter(Boolean));
  const bottom = PAD.bottom + (rows.some((words) => words.length > 1) ? REMARK : 0);
  const inner = { width: width - PAD.left - PAD.right, height: HEIGHT - PAD.top - bottom };
  const slot = inner.width / categories.length;
  const x = (at) => PAD.left + slot * (at + 0.5);
  const y = (value) =>
    PAD.top + inner.height * (1 - (value - marks[0]) / (marks.at(-1) - marks[0]));
  const frame = { categories, slot, x, y };
  const shapes = data.series.map((series, at) => {
    const points = categories.map((name) => valueAt(series, name));
    return data.type === "bar"
      ? bars(points, at, data.series.length, frame, series.name)
      : curve(points, at, data.type === "area", frame, series.name);
  });
  const picture = svg(
    "svg",
    { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": spoken(data, title) },
    marks.map((mark) => [
      svg("line", { class: "grid", x1: PAD.left, x2: width - PAD.right, y1: y(mark), y2: y(mark) }),
      svg("text", { class: "axis", x: PAD.left - 8, y: y(mark) + 4, "text-anchor": "end" }, String(mark)),
    ]),
    axisLabels(rows, slot, x, HEIGHT - bottom + 16),
    shapes,
    xLabel
      ? svg("text", { class: "axis", x: PAD.left + inner.width / 2, y: HEIGHT - 6, "text-anchor": "middle" }, xLabel)
      : null,
    yLabel && !isNamed ? yTitle(yLabel, PAD.top + inner.height / 2) : null,
  );
  const names = data.series.map((series) => series.name);
  const isSaid = isNamed || (names.length === 1 && names[0] === yLabel);
  return isSaid ? [picture] : [picture, legend(names)];
}

function yTitle(text, middle) {
  const turn = `rotate(-90 14 ${middle})`;
  return svg("text", { class: "axis", x: 14, y: middle, "text-anchor": "middle", transform: turn }, text);
}

// Each row is a category and perhaps a remark on it, which goes below.
function axisLabels(rows, slot, x, y) {
  const longest = Math.max(...rows.flat().map((words) => words.length)) * 6.5 + 8;
  const every = Math.max(1, Math.ceil(longest / slot));
  const last = rows.length - 1;
  return rows.map((words, at) =>
    (last - at) % every
      ? null
      : svg(
          "text",
          { class: "axis", x: x(at), y, "text-anchor": "middle" },
          words.map((each, row) => svg("tspan", { x: x(at), dy: row ? REMARK : 0 }, each)),
        ),
  );
}

function bars(points, at, count, { categories, slot, x, y }, name) {
  const wide = Math.min(44, (slot * 0.72) / count);
  return points.map((value, index) => {
    const top = Math.min(y(value), y(0));
    return svg(
      "rect",
      {
        class: isRunning(categories[index]) ? `series-${at} running` : `series-${at}`,
        x: x(index) + (at - count / 2) * wide + (count > 1 ? 1 : 0),
        y: top,
        width: Math.max(2, wide - (count > 1 ? 2 : 0)),
        height: Math.max(0, Math.abs(y(value) - y(0))),
        rx: 2,
      },
      svg("title", {}, `${categories[index]}, ${name}: ${value}`),
    );
  });
}

function curve(points, at, filled, { categories, x, y }, name) {
  const place = (index) => `${x(index)} ${y(points[index])}`;
  const last = points.length - 1;
  const path = points.map((_, index) => `${index ? "L" : "M"}${place(index)}`).join(" ");
  const runs = last > 0 && isRunning(categories[last]);
  const whole = runs ? path.slice(0, path.lastIndexOf("L")) : path;
  const under = `${path} L${x(last)} ${y(0)} L${x(0)} ${y(0)} Z`;
  return [
    filled ? svg("path", { class: `under series-${at}`, d: under }) : null,
    svg("path", { class: `course series-${at}`, d: whole, "stroke-dasharray": at ? `${10 - at} ${2 + at}` : null }),
    runs
      ? svg("path", { class: `course series-${at}`, d: `M${place(last - 1)} L${place(last)}`, "stroke-dasharray": "2 4" })
      : null,
    points.map((value, index) =>
      svg(
        "circle",
        {
          class: isRunning(categories[index]) ? `series-${at} running` : `series-${at}`,
          cx: x(index),
          cy: y(value),
          r: 3.5,
        },
        svg("title", {}, `${categories[index]}, ${name}: ${value}`),
      ),
    ),
  ];
}

function legend(names) {
  return h(
    "ul",
    { class: "legend" },
    names.map((name, at) =>
      h("li", {}, h("span", { class: `key series-${at}`, "aria-hidden": "true" }), name),
    ),
  );
}
