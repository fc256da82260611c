import { power, ticks } from "./approximate.js";
import { el, fresh, say, svg } from "./dom.js";
import { above, compare, exact } from "./numbers.js";
import { nearest, stops } from "./stops.js";
import { rounded, text } from "./words.js";

const POINTS = 64;
const REACH = 1.5;
const FAR = 1;
const TALL = 280;
const EDGE = { left: 58, right: 14, top: 28, bottom: 44 };

/**
 * How a metric grows with one symbol, the others as they are: a curve on logarithmic axes, with budgets as lines.
 *
 * changed   () -> nothing; another symbol is chosen
 *
 * show      (point | null, metric, limits: [{bound, text}]) -> nothing
 * symbol    () -> the symbol chosen
 * put       (name) -> nothing; chooses it where there is such a symbol
 */
export function growth(model, changed) {
  const names = model.data.symbols.map(({ name }) => name);
  const [id, title, head, desc] = ["grow", "title", "head", "desc"].map(fresh);
  const pick = el("select", { id, change: () => changed() }, ...names.map((name) => el("option", {}, name)));
  const about = svg("desc", { id: desc });
  const name = svg("title", { id: title });
  const drawing = svg("g");
  const picture = svg("svg", { role: "img", "aria-labelledby": title, "aria-describedby": desc }, name, about, drawing);
  const note = el("p", { class: "symcost-soft" });
  const element = el("section", { "aria-labelledby": head, hidden: !names.length },
    el("div", { class: "symcost-head" }, el("h2", { id: head }, "How it grows"),
      el("label", { for: id, class: "symcost-controls" }, "along"), pick), el("figure", {}, picture), note);
  let width = 600;
  let last = [null, "", []];
  let kept = {};

  function show(point, metric, limits) {
    last = [point, metric, limits];
    const symbol = model.symbols.get(pick.value);
    if (!symbol || !metric) return;
    const unit = model.data.metrics.find((one) => one.name === metric).unit;
    const labels = { x: [symbol.name, symbol.about].filter(Boolean).join(", "), y: metric === unit ? unit : `${metric} [${unit}]` };
    say(name, `${labels.y} along ${labels.x}`);
    const curve = point ? curved(point, symbol, metric) : [];
    const here = point && curve.find(({ value }) => text(value) === text(point[symbol.name]));
    drawing.replaceChildren(...(curve.length > 1 ? drawn(curve, here, limits, labels, width) : []));
    say(about, curve.length > 1 ? `From ${words(curve[0], symbol, unit)} to ${words(curve.at(-1), symbol, unit)}.` : "");
    say(note, point ? noted(curve, symbol, metric) : "There are no numbers to draw.");
  }

  /** The curve, kept while no other size changes than the one along which it goes. */
  function curved(point, symbol, metric) {
    const others = names.filter((one) => one !== symbol.name).map((one) => text(point[one])).join();
    const key = [metric, symbol.name, others].join();
    if (kept.key !== key) kept = { key, curve: sampled(model, point, symbol, metric) };
    const own = located(model, point, symbol, metric, point[symbol.name]);
    const before = kept.curve.filter(({ value }) => text(value) !== text(point[symbol.name]));
    return [...before, ...own].sort((a, b) => a.x - b.x);
  }
  function put(wanted) {
    pick.value = names.includes(wanted) ? wanted : widest(model);
  }
  put("");
  function fit(wide) {
    width = wide;
    picture.setAttribute("viewBox", `0 0 ${width} ${TALL}`);
    show(...last);
  }
  return { element, show, put, fit, symbol: () => pick.value };
}

const words = ({ value, amount }, symbol, unit) => `${rounded(amount, unit)} at ${symbol.name} = ${text(value)}`;

function noted(curve, symbol, metric) {
  if (curve.length < 2) return `${metric} cannot be drawn along ${symbol.name}: too few values are allowed, or it is 0.`;
  const still = curve.every(({ amount }) => text(amount) === text(curve[0].amount));
  return still ? `${metric} does not depend on ${symbol.name}.` : "The curve joins exact values; between them it is approximate.";
}

/** The symbol that the first metric rises in and that is no batch; the first where there is none. */
function widest(model) {
  const [first] = model.data.symbols;
  const rising = model.data.metrics.flatMap(({ rises }) => rises);
  return (model.data.symbols.find(({ name }) => name !== "B" && rising.includes(name)) ?? first)?.name;
}

function sampled(model, point, symbol, metric) {
  const here = point[symbol.name];
  const reached = compare(here, exact(symbol.high)) > 0 ? { ...symbol, high: text(here) } : symbol;
  const values = stops(reached).filter((value) => above(value) > 0n && power(value) > power(here) - REACH);
  const [from, to] = [power(values[0]), power(values.at(-1))];
  const few = values.length <= POINTS ? values : Array.from({ length: POINTS + 1 }, (_, i) =>
    values[nearest(values, roughly(10 ** (from + ((to - from) * i) / POINTS)))]);
  return [...new Set(few)].flatMap((value) => located(model, point, symbol, metric, value));
}

/** About this number, exactly. */
const roughly = (x) => (x > 1e6 ? BigInt(Math.round(x)) : exact(`${Math.round(x * 1e6)}/1000000`));

/** A point of the curve, none where the network refuses it or a logarithm has no place for it. */
function located(model, point, symbol, metric, value) {
  const there = { ...point, [symbol.name]: value };
  try {
    if (above(value) <= 0n || model.refused(there).length) return [];
    const amount = model.value(there, metric);
    return above(amount) > 0n ? [{ value, amount, x: power(value), y: power(amount) }] : [];
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function drawn(curve, here, limits, labels, width) {
  const [low, high] = [Math.min(...curve.map(({ y }) => y)), Math.max(...curve.map(({ y }) => y))];
  const lines = limits.filter(({ bound }) => above(bound) > 0n).map(({ bound, text }) => ({ at: power(bound), text }))
    .filter(({ at }) => at > low - FAR && at < high + FAR);
  const xs = [curve[0].x, curve.at(-1).x];
  const ys = padded(Math.min(low, ...lines.map(({ at }) => at)), Math.max(high, ...lines.map(({ at }) => at)));
  const place = (at, [from, to], start, end) => start + ((at - from) / (to - from || 1)) * (end - start);
  const x = (at) => place(at, xs, EDGE.left, width - EDGE.right).toFixed(1);
  const y = (at) => place(at, ys, TALL - EDGE.bottom, EDGE.top).toFixed(1);
  const path = curve.map((one, i) => `${i ? "L" : "M"}${x(one.x)} ${y(one.y)}`).join("");
  return [
    ...axes(xs, ys, x, y, width),
    svg("text", { x: 0, y: 12 }, labels.y),
    svg("text", { x: width - EDGE.right, y: TALL - 6, "text-anchor": "end" }, labels.x),
    svg("path", { d: path, class: "symcost-curve" }),
    ...lines.flatMap((line) => limited(line.text, y(line.at), width)),
    ...(here ? marked(here, x(here.x), y(here.y), width) : []),
  ];
}

/** A range that is at least half a power of ten high, with room at its ends. */
function padded(low, high) {
  const more = Math.max(0.06 * (high - low), (0.5 - (high - low)) / 2, 0.04);
  return [low - more, high + more];
}

function axes(xs, ys, x, y, width) {
  const [left, right, bottom] = [EDGE.left, width - EDGE.right, TALL - EDGE.bottom];
  const across = ticks(...xs, Math.max(3, Math.floor((right - left) / 52)));
  return [
    ...ticks(...ys, 9).flatMap(({ place, label }) => [
      svg("line", { x1: left, x2: right, y1: y(place), y2: y(place), class: "symcost-rule" }),
      svg("text", { x: left - 8, y: Number(y(place)) + 4, "text-anchor": "end" }, label),
    ]),
    ...across.flatMap(({ place, label }) => [
      svg("line", { x1: x(place), x2: x(place), y1: bottom, y2: bottom + 5, class: "symcost-axis" }),
      svg("text", { x: x(place), y: bottom + 19, "text-anchor": "middle" }, label),
    ]),
    svg("path", { d: `M${left} ${EDGE.top}V${bottom}H${right}`, class: "symcost-axis" }),
  ];
}

function limited(words, y, width) {
  return [
    svg("line", { x1: EDGE.left, x2: width - EDGE.right, y1: y, y2: y, class: "symcost-limit" }),
    svg("text", { x: EDGE.left + 8, y: y - 5, class: "symcost-strong" }, words),
  ];
}

function marked(here, x, y, width) {
  const left = x > width / 2;
  return [
    svg("circle", { cx: x, cy: y, r: 6, class: "symcost-now" }),
    svg("text", { x: Number(x) + (left ? -10 : 10), y: Number(y) + (left ? -8 : 18), "text-anchor": left ? "end" : "start",
      class: "symcost-strong" }, rounded(here.amount)),
  ];
}
