import { el, fresh, say } from "./dom.js";
import { grouped, rounded } from "./words.js";

/**
 * The totals, each a choice of what is broken down and drawn.
 *
 * chosen   (metric) -> nothing
 * show     (evaluated | null, metric) -> nothing; null where there are no numbers
 */
export function totals(model, chosen) {
  const group = fresh("metric");
  const cards = model.data.metrics.map((metric) => card(metric, group, chosen));
  const element = el("fieldset", { class: "symcost-totals" }, el("legend", {}, "Totals"), ...cards.map((c) => c.element));
  return { element, show: (found, metric) => cards.forEach((one) => one.show(found, metric)) };
}

function card({ name, unit, about }, group, chosen) {
  const [near, whole] = [el("b"), el("span", { class: "symcost-exact" })];
  const pick = el("input", { type: "radio", name: group, value: name, change: () => chosen(name) });
  const element = el("label", { class: "symcost-total", title: about }, pick,
    el("span", { class: "symcost-name" }, name),
    el("span", { class: "symcost-about" }, near, " ", el("small", {}, name === unit ? "" : unit)), whole);
  function show(found, metric) {
    const value = found?.totals.get(name);
    const [short, exact] = value === undefined ? ["–", ""] : [rounded(value), grouped(value)];
    say(near, short);
    say(whole, short === exact ? "" : exact);
    pick.checked = name === metric;
  }
  return { element, show };
}

/** The totals in a sentence. */
export const spoken = (model, found) =>
  model.data.metrics.filter(({ name }) => found.totals.has(name)).map(({ name, unit }) =>
    `${rounded(found.totals.get(name), unit)}${name.toLowerCase() === unit.toLowerCase() ? "" : ` (${name})`}`).join(", ");
