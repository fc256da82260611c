import { part } from "./approximate.js";
import { el, fresh, say, svg } from "./dom.js";
import { above, add, floor, over, times } from "./numbers.js";
import { grouped, rounded } from "./words.js";

const COLOURS = 7;
const HEIGHT = 20;
const GAP = 10;
const LABEL = 96;

/**
 * Where the totals come from: a bar for each metric that adds up over the table's rows, in their colours.
 *
 * show   (evaluated | null, metric) -> nothing
 * fit    (width) -> nothing; draws it that wide
 */
export function breakdown(model) {
  const families = apart(model.data);
  const colours = coloured(model, families, model.evaluate({}));
  const [bars, rows] = [stacked(model, colours, families), table(model, colours, families)];
  const title = fresh("parts");
  const element = el("section", { "aria-labelledby": title },
    el("div", { class: "symcost-head" }, el("h2", { id: title }, "Where it goes")), bars.element, rows.element);
  let last = null;
  function show(...shown) {
    last = shown;
    bars.show(...shown);
    rows.show(...shown);
  }
  function fit(width) {
    bars.fit(width);
    if (last) bars.show(...last);
  }
  return { element, show, fit };
}

/** For each metric those with which it shares rows, itself among them: memory has other parts than work. */
function apart({ metrics, rows }) {
  const owners = rows.map(({ values }) => values.flatMap((value, i) => (value.length ? [i] : [])));
  return metrics.map((_, i) => {
    const family = new Set([i]);
    for (let before = 0; before < family.size; ) {
      before = family.size;
      owners.filter((own) => own.some((j) => family.has(j))).flat().forEach((j) => family.add(j));
    }
    return family;
  });
}

/** A colour for each row: of its own for the rows with the largest shares in their family, grey for all others. */
function coloured({ data }, families, found) {
  const weights = data.rows.map((_, k) => Math.max(0, ...data.metrics.map(({ name, total }, i) =>
    (total === "sum" && found.rows[k] ? part(found.rows[k].values[i], found.totals.get(name)) : 0))));
  const places = data.rows.map(() => COLOURS);
  for (const family of new Set(families.map((one) => [...one].sort().join()))) {
    const own = data.rows.flatMap(({ values }, k) => (family.split(",").some((i) => values[i].length) ? [k] : []));
    own.sort((a, b) => weights[b] - weights[a]).slice(0, COLOURS).sort((a, b) => a - b).forEach((k, i) => (places[k] = i));
  }
  return places.map((place) => `symcost-c${place}`);
}

function stacked(model, colours, families) {
  const metrics = model.data.metrics.map((metric, i) => ({ ...metric, i })).filter(({ total }) => total === "sum");
  const [title, desc] = [fresh("title"), fresh("desc")];
  const about = svg("desc", { id: desc });
  const drawing = svg("g");
  const picture = svg("svg", { role: "img", "aria-labelledby": title, "aria-describedby": desc },
    svg("title", { id: title }, "Each block's share of each total"), about, drawing);
  const lines = metrics.map((metric) => {
    const name = svg("text", { x: 0, y: 14 }, metric.name);
    const rects = colours.map((colour) => svg("rect", { height: HEIGHT, class: `${colour} symcost-edge` }));
    const group = svg("g", {}, name, ...rects);
    drawing.append(group);
    return { ...metric, group, label: name, rects };
  });
  let width = 600;

  function show(found, chosen) {
    const family = families[model.data.metrics.findIndex(({ name }) => name === chosen)];
    const own = lines.filter(({ i }) => family.has(i));
    lines.forEach(({ group, i }) => group.setAttribute("display", family.has(i) ? "inline" : "none"));
    own.forEach(({ group }, row) => group.setAttribute("transform", `translate(0 ${row * (HEIGHT + GAP)})`));
    picture.setAttribute("viewBox", `0 0 ${width} ${Math.max(1, own.length * (HEIGHT + GAP) - GAP)}`);
    for (const { name, i, label, rects } of own) {
      label.classList.toggle("symcost-strong", name === chosen);
      const total = found?.totals.get(name);
      let x = LABEL;
      rects.forEach((rect, k) => {
        const size = total === undefined ? 0 : part(found.rows[k].values[i], total) * (width - LABEL);
        rect.setAttribute("x", x.toFixed(1));
        rect.setAttribute("width", size.toFixed(1));
        x += size;
      });
    }
    say(about, described(model, found, chosen));
  }
  const fit = (wide) => (width = wide);
  const element = el("figure", { hidden: !lines.length }, picture);
  return { element, show, fit };
}

/** The rows with most of a metric, in words. */
function described(model, found, chosen) {
  const i = model.data.metrics.findIndex(({ name }) => name === chosen);
  const total = found?.totals.get(chosen);
  if (total === undefined) return "";
  const shares = found.rows.map(({ name, values }) => [part(values[i], total), `${name} ${percent(values[i], total)}`]);
  return `${chosen}: ${shares.sort((a, b) => b[0] - a[0]).slice(0, COLOURS).map(([, words]) => words).join(", ")}`;
}

function table(model, colours, families) {
  const { metrics, rows } = model.data;
  const head = metrics.map(({ name, unit }) =>
    el("th", { scope: "col" }, ...breakable(name), el("span", {}, unit === name ? "" : unit)));
  const share = el("th", { scope: "col", class: "symcost-share" });
  const lines = rows.map((row, k) => line(row, metrics, colours[k]));
  const end = metrics.map(() => el("td"));
  const counts = [el("th", { scope: "col", class: "symcost-count" }, "count"), el("td", { class: "symcost-count" })];
  const element = el("div", { class: "symcost-scroll", tabindex: 0, role: "region", "aria-label": "Table of parts" },
    el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "part"), counts[0], ...head, share)),
      el("tbody", {}, ...lines.map((one) => one.element)),
      el("tfoot", {}, el("tr", {}, el("th", { scope: "row" }, "total"), counts[1], ...end, el("td")))));

  function show(found, chosen) {
    const at = metrics.findIndex(({ name }) => name === chosen);
    const own = rows.map(({ values }) => values.some((value, i) => value.length && families[at].has(i)));
    const shown = found?.rows.filter((_, k) => own[k]) ?? [];
    const counted = !shown.length || shown.some(({ count }) => count !== 1n);
    const columns = metrics.map((_, i) => ({ hidden: !families[at].has(i), chosen: i === at }));
    say(share, `${metrics[at].total === "max" ? "part of the largest" : "share of"} ${chosen}`);
    lines.forEach((one, k) => {
      one.element.hidden = !own[k];
      if (own[k]) one.show(found?.rows[k], at, found?.totals.get(chosen), columns, counted);
    });
    say(counts[1], shown.length ? grouped(shown.map(({ count }) => count).reduce(add)) : "–");
    counts.forEach((cell) => (cell.hidden = !counted));
    end.forEach((cell, i) => say(cell, number(found?.totals.get(metrics[i].name), i !== at)));
    [head, end].forEach((cells) => cells.forEach((cell, i) => mark(cell, columns[i])));
  }
  return { element, show };
}

/** A name that lines may break after its points and underscores. */
const breakable = (name) => name.split(/(?<=[._])/).flatMap((piece, i) => (i ? [el("wbr"), piece] : [piece]));

function line({ name, op, times: repeated }, metrics, colour) {
  const count = el("td", { class: "symcost-count" });
  const cells = metrics.map(() => el("td"));
  const fill = el("i", { class: colour });
  const [bar, percents] = [el("span", { class: "symcost-bar", "aria-hidden": "true" }, fill), el("span")];
  const rounds = el("span", { class: "symcost-soft" });
  const element = el("tr", {}, el("th", { scope: "row", title: op || false },
    el("span", { class: `symcost-swatch ${colour}`, "aria-hidden": "true" }), ...breakable(name), rounds),
  count, ...cells, el("td", { class: "symcost-share" }, bar, percents));

  function show(row, at, total, columns, counted) {
    say(count, number(row?.count));
    count.hidden = !counted;
    say(rounds, repeated && row ? ` × ${grouped(row.times)}` : "");
    cells.forEach((cell, i) => {
      say(cell, number(row?.values[i], i !== at));
      mark(cell, columns[i]);
    });
    const known = row && total !== undefined;
    fill.style.width = known ? `${(100 * part(row.values[at], total)).toFixed(1)}%` : "0";
    say(percents, known ? percent(row.values[at], total) : "");
  }
  return { element, show };
}

/** The metric chosen is written in full, the others to four digits. */
const number = (x, short) => (x === undefined ? "–" : (short ? rounded : grouped)(x));

function mark(cell, { chosen, hidden }) {
  cell.hidden = hidden;
  cell.classList.toggle("symcost-chosen", chosen);
  cell.classList.toggle("symcost-other", !chosen);
}

function percent(x, total) {
  if (!above(total)) return "";
  const tenths = floor(add(over(times(1000n, x), total), { n: 1n, d: 2n }));
  return tenths === 0n && above(x) ? "< 0.1 %" : `${tenths / 10n}.${tenths % 10n} %`;
}
