import { el, fresh, say } from "./dom.js";
import { text } from "./words.js";
import { nearest, stops } from "./stops.js";

/**
 * A slider and a field for every free symbol.
 *
 * changed   (settled) -> nothing; called when a size changes, settled once a slider is let go or a field is left
 *
 * texts()   what the fields say, by name
 * point()   the sizes, by name; throws the Error of the first field that says none
 * put       (texts) -> nothing; fills fields, those not named as at the start
 */
export function sizes(model, changed) {
  const fields = model.data.symbols.map((symbol) => field(model, symbol, changed));
  const reset = el("button", { type: "button", click: () => (put({}), changed(true)) }, "Reset");
  const title = fresh("sizes");
  const element = el("section", { "aria-labelledby": title },
    el("div", { class: "symcost-head" }, el("h2", { id: title }, "Sizes"), reset), ...fields.map((one) => one.element));
  element.hidden = !fields.length;

  function put(texts) {
    for (const one of fields) one.put(Object.hasOwn(texts, one.name) ? texts[one.name] : text(model.point[one.name]));
  }
  const texts = () => Object.fromEntries(fields.map((one) => [one.name, one.text()]));
  const point = () => Object.fromEntries(fields.map((one) => [one.name, one.value()]));
  put({});
  return { element, texts, point, put };
}

function field(model, symbol, changed) {
  const { name, about } = symbol;
  const values = stops(symbol, model.point[name]);
  const [id, wrong] = [fresh("size"), fresh("wrong")];
  const known = el("span", { class: "symcost-at symcost-soft" });
  const problem = el("p", { class: "symcost-wrong", id: wrong });
  const box = el("input", {
    type: "text", id, class: "symcost-controls", inputmode: symbol.kind === "ratio" ? "text" : "numeric", autocomplete: "off", spellcheck: "false",
    "aria-describedby": wrong, input: () => (read(), changed(false)), change: () => changed(true), keydown: stepped,
  });
  const range = el("input", {
    type: "range", min: 0, max: values.length - 1, step: 1, class: "symcost-controls",
    "aria-label": `${name}${about ? `, ${about}` : ""}`, input: () => (slid(), changed(false)), change: () => changed(true),
  });
  let error = null;
  let value;

  function read() {
    try {
      value = model.read(name, box.value);
      error = null;
      range.value = nearest(values, value);
      range.setAttribute("aria-valuetext", text(value));
    } catch (found) {
      error = found;
    }
    box.setAttribute("aria-invalid", String(Boolean(error)));
    say(problem, error ? error.message : "");
    say(known, `${name} = ${box.value}`);
  }
  function put(words) {
    box.value = words;
    read();
  }
  const slid = () => put(text(values[range.value]));

  /** Up and down go to the next value of the slider, as in a field for numbers. */
  function stepped(event) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by || error) return;
    event.preventDefault();
    range.value = Number(range.value) + by;
    slid();
    changed(true);
  }
  const label = el("label", { for: id }, el("b", {}, name), about ? ` ${about}` : "");
  return {
    name,
    put,
    element: el("div", { class: "symcost-size" }, label, range, known, box, problem),
    text: () => box.value,
    value() {
      if (error) throw error;
      return value;
    },
  };
}
