import { near } from "./approximate.js";
import { el, fresh, say } from "./dom.js";
import { grouped, rounded, text } from "./words.js";
import { readBudget, solve } from "./solve.js";

const PROVEN = 9;

/**
 * What fits: the largest or smallest value of a symbol within budgets, with the proof beside it.
 *
 * changed   (settled) -> nothing; the question is another one
 * use       ({name: text}) -> nothing; puts an answer into sliders
 *
 * show      (point | null) -> nothing; answers anew
 * limits    (metric) -> [{bound, text}], budgets of a metric to be drawn as lines
 * question  () -> {symbol, tied, budgets: [text], smallest};  put (question) -> nothing
 */
export function fitting(model, changed, use) {
  const names = model.data.symbols.map(({ name }) => name);
  const [id, head] = [fresh("for"), fresh("fits")];
  const pick = el("select", { id, change: () => (offer(""), changed(true)) }, ...names.map((name) => el("option", {}, name)));
  const tie = el("select", { "aria-label": "sizes that follow it", change: () => changed(true) });
  const side = el("select", { "aria-label": "largest or smallest", change: () => changed(true) },
    el("option", { value: "" }, "Largest"), el("option", { value: "yes" }, "Smallest"));
  const lines = el("div", { class: "symcost-solve" });
  const answer = el("div", { class: "symcost-found" });
  const more = el("button", { type: "button", click: () => add("").focus() }, "Another budget");
  const asked = el("p", { class: "symcost-at" });
  const element = el("section", { "aria-labelledby": head, hidden: !names.length, class: "symcost-fits" },
    el("div", { class: "symcost-head" }, el("h2", { id: head }, "What fits")),
    el("div", { class: "symcost-controls" },
      el("div", { class: "symcost-row" }, side, el("label", { for: id }, "value of"), pick, tie, el("span", {}, "within")),
      lines, more), asked, answer);
  let fields = [];

  function add(words) {
    const field = budgetField(model, words, fields.length, changed, () => drop(field));
    fields.push(field);
    lines.append(field.element);
    fields.forEach((one) => one.alone(fields.length < 2));
    return field;
  }
  function drop(field) {
    fields = fields.filter((one) => one !== field);
    field.element.remove();
    fields.forEach((one) => one.alone(fields.length < 2));
    fields[0].focus();
    changed(true);
  }
  /** Offer the symbols of the same kind as those that may take the same value. */
  function offer(chosen) {
    const kind = (name) => model.symbols.get(name).kind;
    const others = names.filter((name) => name !== pick.value && kind(name) === kind(pick.value));
    tie.replaceChildren(el("option", { value: "" }, "alone"),
      ...others.map((name) => el("option", { value: name }, `with ${name} = ${pick.value}`)));
    tie.value = others.includes(chosen) ? chosen : "";
    tie.hidden = !others.length;
  }
  function put({ symbol, tied = "", budgets, smallest }) {
    pick.value = names.includes(symbol) ? symbol : likely(model);
    if (names.length) offer(tied);
    side.value = smallest ? "yes" : "";
    fields = [];
    lines.replaceChildren();
    (budgets.length ? budgets : [""]).forEach(add);
  }
  const question = () => ({ symbol: pick.value, tied: tie.value, budgets: fields.map((one) => one.text()), smallest: Boolean(side.value) });

  function show(point) {
    const given = fields.filter((one) => one.text());
    const wrong = given.some((one) => one.wrong());
    say(asked, `${side.value ? "Smallest" : "Largest"} ${pick.value} ${tie.value && `with ${tie.value} = ${pick.value} `}within ${given.map((one) => one.text()).join(", ")}:`);
    element.classList.toggle("symcost-unasked", !given.length);
    if (!given.length || wrong || !point) return answer.replaceChildren();
    answer.replaceChildren(...found(model, point, { ...question(), budgets: given.map((one) => one.budget()) }, use));
  }
  const limits = (metric) => fields.filter((one) => one.text() && !one.wrong()).map((one) => ({ ...one.budget(), text: one.text() }))
    .filter((one) => one.metric === metric);
  /** The answer in short, without its proof. */
  const spoken = () => answer.firstChild?.textContent ?? "";
  put({ budgets: [] });
  return { element, show, limits, question, put, spoken };
}

function budgetField(model, words, place, changed, drop) {
  const wrong = fresh("wrong");
  const problem = el("p", { class: "symcost-wrong", id: wrong });
  const example = model.data.metrics.find(({ name }) => name === "macs") ? "macs <= 2G" : `${model.data.metrics[0].name} <= 1G`;
  const box = el("input", { type: "text", value: words, placeholder: example, "aria-label": place ? `budget ${place + 1}` : "budget",
    "aria-describedby": wrong, autocomplete: "off", spellcheck: "false", input: () => (read(), changed(false)), change: () => changed(true) });
  const away = el("button", { type: "button", "aria-label": "Remove this budget", click: drop }, "×");
  let error = null;
  let budget = null;

  function read() {
    error = null;
    try {
      budget = box.value.trim() ? readBudget(model, box.value) : null;
    } catch (found) {
      error = found;
    }
    box.setAttribute("aria-invalid", String(Boolean(error)));
    say(problem, error ? error.message : "");
  }
  read();
  return {
    element: el("div", {}, el("div", { class: "symcost-row" }, box, away), problem),
    text: () => box.value.trim(),
    budget: () => budget,
    wrong: () => Boolean(error),
    alone: (only) => (away.hidden = only),
    focus: () => box.focus(),
  };
}

/** The symbol that is usually asked for: a width, else the first but the batch. */
function likely(model) {
  const names = model.data.symbols.map(({ name }) => name);
  return ["C", "alpha", "E", "D"].find((name) => names.includes(name)) ?? names.find((name) => name !== "B") ?? names[0];
}

/** An answer with its proof, or in one line why there is none. */
function found(model, point, { symbol, tied, budgets, smallest }, use) {
  const ties = tied ? [tied] : [];
  let result;
  try {
    result = solve(model, point, symbol, budgets, { smallest, ties });
  } catch (error) {
    return [el("p", {}, error.message)];
  }
  const { answer, values, next, nextValues, binding, how } = result;
  const words = text(answer);
  const set = [symbol, ...ties];
  const put = el("button", { type: "button", class: "symcost-main", click: () => use(Object.fromEntries(set.map((name) => [name, words]))) },
    `Set ${set.join(" = ")} = ${words}`);
  put.hidden = set.every((name) => words === text(point[name]));
  const beyond = next === null ? "No other value is allowed beyond it" :
    `Next, ${symbol} = ${grouped(next)} has ${amounts(model, nextValues)}${binding.length ? ` and breaks ${binding.join(", ")}` : ""}`;
  return [
    el("p", {}, el("b", {}, `${set.join(" = ")} = ${grouped(answer)}`)),
    el("p", {}, `has ${amounts(model, values)}.`),
    el("p", { class: "symcost-soft" }, `${beyond}. ${how}.`),
    put,
  ];
}

const amounts = (model, values) => [...values].map(([name, value]) => {
  const { unit } = model.data.metrics.find((one) => one.name === name);
  const [short, whole] = [rounded(value), grouped(value)];
  if (whole.startsWith("~")) return `~ ${near(value).toPrecision(PROVEN)} ${unit}`;
  return `${whole} ${unit}${short === whole ? "" : ` (${short})`}`;
}).join(", ");
