// Compares how numbers are read and written with Python.

/** The faults of a module against {model, numbers: [{x, grouped, rounded}], texts: [{name, words, read}]}, as lines. */
export function faults({ load, grouped, rounded }, { model, numbers, texts }) {
  const loaded = load(model);
  const tried = (name, words) => {
    try {
      const value = loaded.read(name, words);
      return typeof value === "bigint" ? String(value) : `${value.n}/${value.d}`;
    } catch (error) {
      return error.message;
    }
  };
  const exact = (x) => {
    const [n, d] = x.split("/").map(BigInt);
    return d ? { n, d } : n;
  };
  const different = (what, got, want) => (got === want ? [] : [`${what} is ${got}, not ${want}`]);
  return [
    ...numbers.flatMap((one) => different(`grouped ${one.x}`, grouped(exact(one.x)), one.grouped)),
    ...numbers.flatMap((one) => different(`rounded ${one.x}`, rounded(exact(one.x), "B"), one.rounded)),
    ...texts.flatMap(({ name, words, read }) => different(`${name} from '${words}'`, tried(name, words), read)),
  ];
}
