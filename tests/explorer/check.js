// Compares core.js with what Python found: in node and in a browser.

/** The faults of a module against cases {model, points: [{at, totals, counts, rows, refused}]}, as lines. */
export function faults({ load, text }, cases) {
  return cases.flatMap(({ model, points }) => {
    const loaded = load(model);
    return points.flatMap((point) => differences(loaded, text, point).map((line) => `${model.name}: ${line}`));
  });
}

function differences(model, text, { at, totals, rows, refused }) {
  const where = JSON.stringify(at);
  const faulty = [];
  const same = (what, got, want) => {
    if (JSON.stringify(got) !== JSON.stringify(want))
      faulty.push(`${what} at ${where} is ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
  };
  const point = {};
  const unread = [];
  for (const [name, words] of Object.entries(at)) {
    try {
      point[name] = model.read(name, words);
    } catch (error) {
      unread.push(error.message);
    }
  }
  if (unread.length) {
    same("reading", unread, refused);
    return faulty;
  }
  const found = model.evaluate(point);
  same("refusal", found.broken.slice(0, 1), refused);
  if (refused.length) return faulty;
  for (const [name, value] of Object.entries(totals)) same(name, text(found.totals.get(name)), value);
  same("rows", found.rows.map((row) => [text(row.count), ...row.values.map(text)]), rows);
  return faulty;
}
