import { breakdown } from "./breakdown.js";
import { load } from "./core.js";
import { el, say, soon } from "./dom.js";
import { fitting } from "./fitting.js";
import { growth } from "./growth.js";
import { sizes } from "./sizes.js";
import { spoken, totals } from "./totals.js";
import { read, written } from "./url.js";
import { text } from "./words.js";

const COPY = "Copy link";
const QUIET = 900;
const SETTLED = 350;

/**
 * Draw a model into an element: sliders, totals, where they come from, how they grow, what fits.
 *
 * onPoint   ({name: text}) -> nothing; the sizes are others, and all are allowed
 * storage   where what is set is kept, as url.js's fragment(window); without an address there is no link to copy
 *
 * set       ({name: text or exact number}) -> nothing;  point () -> {name: text};  destroy () -> nothing
 */
export function mount(root, data, { onPoint, storage } = {}) {
  const model = load(data);
  const start = Object.fromEntries(Object.entries(model.point).map(([name, value]) => [name, text(value)]));
  const first = data.metrics.find(({ name }) => name === "macs") ?? data.metrics[0];
  const usual = { metric: first.name };
  let metric = usual.metric;
  let frame = 0;

  const parts = {
    sizes: sizes(model, moved),
    totals: totals(model, (name) => ((metric = name), moved(true))),
    breakdown: breakdown(model),
    growth: growth(model, () => moved(true)),
    fitting: fitting(model, moved, set),
  };
  usual.grow = parts.growth.symbol();
  const alert = el("p", { class: "symcost-alert", role: "alert" });
  const live = el("p", { class: "symcost-unseen", role: "status" });
  const right = el("div", { class: "symcost-right" }, alert, parts.totals.element, parts.breakdown.element, parts.growth.element);
  const left = el("div", { class: "symcost-left" }, parts.sizes.element, parts.fitting.element);
  const note = el("p", { class: "symcost-soft" });
  left.append(el("div", { class: "symcost-controls" }, ...(storage?.address ? [copying(storage, live, note)] : []), note));
  root.classList.add("symcost-explorer");
  root.replaceChildren(el("div", { class: "symcost-grid" }, left, right), live);

  const speak = soon(() => say(live, now.found ? told(now.found) : ""), QUIET);
  const told = (found) => [spoken(model, found), parts.fitting.spoken()].filter(Boolean).join("; ");
  const keep = soon(() => storage?.write(state(), true), SETTLED);
  let now = { point: null, found: null };

  function moved(settled) {
    frame ||= requestAnimationFrame(draw);
    if (settled) keep.again();
  }
  function draw() {
    frame = 0;
    now = computed();
    const { found, point } = now;
    parts.totals.show(found, metric);
    parts.breakdown.show(found, metric);
    parts.fitting.show(point);
    parts.growth.show(point, metric, parts.fitting.limits(metric));
    speak.again();
    if (point) onPoint?.(written_(point));
  }
  /** The point and what it comes to; neither where a field says no number or a condition is broken. */
  function computed() {
    try {
      const point = parts.sizes.point();
      const found = model.evaluate(point);
      say(alert, found.broken[0] ?? "");
      return found.broken.length ? { point: null, found: null } : { point, found };
    } catch (error) {
      say(alert, `No numbers: ${error.message}`);
      return { point: null, found: null };
    }
  }
  const written_ = (point) => Object.fromEntries(Object.entries(point).map(([name, value]) => [name, text(value)]));
  const state = () => written({
    sizes: parts.sizes.texts(), solve: parts.fitting.question(),
    metric: metric === usual.metric ? "" : metric, grow: parts.growth.symbol() === usual.grow ? "" : parts.growth.symbol(),
  }, start);

  function restore() {
    const given = read(storage.read(), start);
    metric = data.metrics.some(({ name }) => name === given.metric) ? given.metric : usual.metric;
    parts.sizes.put(given.sizes);
    parts.growth.put(given.grow);
    parts.fitting.put(given.solve);
    say(note, given.unknown.length ? `The address sets ${given.unknown.join(", ")}, which is nothing here.` : "");
    draw();
  }
  function set(point) {
    const given = Object.entries(point).map(([name, value]) => [name, typeof value === "object" || typeof value === "bigint" ? text(value) : String(value)]);
    parts.sizes.put({ ...parts.sizes.texts(), ...Object.fromEntries(given) });
    moved(true);
  }
  const watch = new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (width) [parts.breakdown, parts.growth].forEach((part) => part.fit(width));
  });
  watch.observe(right);
  [parts.breakdown, parts.growth].forEach((part) => part.fit(Math.round(right.clientWidth) || 600));
  const deaf = storage?.listen(restore);
  if (storage) restore();
  else draw();

  function destroy() {
    watch.disconnect();
    deaf?.();
    [speak, keep].forEach((one) => one.stop());
    cancelAnimationFrame(frame);
    root.replaceChildren();
  }
  return { set, destroy, point: parts.sizes.texts };
}

/** A button that copies the address; what is said of that goes into a line. */
function copying(storage, live, note) {
  const button = el("button", { type: "button", click: copy }, COPY);
  async function copy() {
    try {
      await navigator.clipboard.writeText(storage.address());
      say(live, "The link is copied.");
      say(button, "Link copied");
      setTimeout(() => say(button, COPY), 2000);
    } catch {
      say(note, "Copy the address of this page: it holds all that is set here.");
    }
  }
  return button;
}
