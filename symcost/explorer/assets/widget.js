import { load } from "./core.js";
import { readBudget } from "./solve.js";
import { read, written } from "./url.js";
import { mount } from "./view.js";

const TRAITS = ["point", "budgets", "solve_for", "tied", "smallest", "_drawn"];

/** Draw the model of a notebook's widget into a cell, and keep what is set in step with Python and with other views. */
function render({ model, el }) {
  const data = model.get("data");
  let sending = false;

  function send(values) {
    const others = Object.entries(values).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(model.get(name)));
    if (!others.length) return;
    sending = true;
    others.forEach(([name, value]) => model.set(name, value));
    sending = false;
    model.save_changes();
  }
  const storage = {
    read: () => written({ sizes: model.get("point"), solve: question(model), ...model.get("_drawn") }, data.at),
    write(text) {
      const { solve, metric, grow } = read(text, data.at);
      send({ _drawn: { metric, grow }, ...(readable(data, solve) ? traits(solve) : {}) });
    },
    listen(changed) {
      const heard = () => sending || changed();
      TRAITS.forEach((name) => model.on(`change:${name}`, heard));
      return () => TRAITS.forEach((name) => model.off(`change:${name}`, heard));
    },
  };
  el.addEventListener("focusin", unheard);
  const view = mount(el, data, { storage, onPoint: (point) => send({ point }) });
  return () => view.destroy();
}

const question = (model) => ({
  symbol: model.get("solve_for"), tied: model.get("tied"), budgets: model.get("budgets"), smallest: model.get("smallest"),
});

/** What is solved for as the widget keeps it; without a budget an address says nothing of it. */
const traits = ({ symbol, tied, budgets, smallest }) =>
  (symbol ? { budgets, solve_for: symbol, tied, smallest } : { budgets });

function readable(data, { budgets }) {
  try {
    const model = load(data);
    budgets.forEach((budget) => readBudget(model, budget));
    return true;
  } catch {
    return false;
  }
}

/** Keep the keys pressed on a control from JupyterLab, for which an arrow moves to another cell. */
function unheard({ target }) {
  target.dataset.lmSuppressShortcuts = "true";
}

export default { render };
