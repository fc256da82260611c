// Compares solve.js with symcost.solve: in node and in a browser.

/**
 * The faults of a module against cases {model, questions: [{symbol, budgets, smallest, ties, found | refused}]}, as lines.
 * Where both refuse and the module knows less of why, the line begins with "weaker".
 */
export function faults({ load, readBudget, solve, text }, cases) {
  return cases.flatMap(({ model, questions }) => {
    const loaded = load(model);
    return questions.flatMap(({ symbol, budgets, smallest, ties, ...want }) => {
      const got = answered(() => solve(loaded, loaded.point, symbol, budgets.map((b) => readBudget(loaded, b)), { smallest, ties }), text);
      const [left, right] = [got, want].map((one) => JSON.stringify(one).replace(START, "$1"));
      const weaker = got.refused && want.refused && (want.refused.startsWith(got.refused) || got.refused.startsWith("found no "));
      const line = `${model.name}: ${symbol} for ${budgets.join(" and ")} is ${left}, not ${right}`;
      return left === right ? [] : [weaker ? `weaker: ${line}` : line];
    });
  });
}

/** Where both know that there is no greatest value, one may see it from further up only. */
const START = /(there is no greatest (\w+): every \2 from )[\d/]+ on/;

function answered(ask, text) {
  try {
    const { answer, values, next, nextValues, binding } = ask();
    const texts = (numbers) => (numbers ? [...numbers.values()].map(text) : null);
    return { found: { answer: text(answer), values: texts(values), next: next === null ? null : text(next), after: texts(nextValues), binding } };
  } catch (error) {
    return { refused: error.message };
  }
}
