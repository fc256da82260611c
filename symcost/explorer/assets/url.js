const OWN = ["solve", "tied", "budget", "smallest", "metric", "grow"];
const key = (name) => (OWN.includes(name) ? `size.${name}` : name);

/**
 * What is set, as the readable end of an address: H=256&solve=C&budget=macs<=2G. Sizes at their start are left out.
 *
 * set   {sizes: {name: text}, solve: {symbol, tied, budgets, smallest}, metric, grow}, each but sizes "" or absent where usual
 */
export function written({ sizes, solve, metric, grow }, start) {
  const found = new URLSearchParams();
  for (const [name, text] of Object.entries(sizes)) if (text !== start[name]) found.append(key(name), text);
  if (metric) found.append("metric", metric);
  if (grow) found.append("grow", grow);
  const budgets = solve.budgets.filter(Boolean);
  if (budgets.length) found.append("solve", solve.symbol);
  if (budgets.length && solve.tied) found.append("tied", solve.tied);
  budgets.forEach((budget) => found.append("budget", budget));
  if (budgets.length && solve.smallest) found.append("smallest", "yes");
  return String(found);
}

/** What an address sets, and the names in it that mean nothing. */
export function read(text, start) {
  const found = new URLSearchParams(text);
  const names = Object.keys(start).filter((name) => found.has(key(name)));
  const unknown = [...found.keys()].filter((word) => !OWN.includes(word) && !names.some((name) => key(name) === word));
  return {
    sizes: Object.fromEntries(names.map((name) => [name, found.get(key(name))])),
    metric: found.get("metric") ?? "",
    grow: found.get("grow") ?? "",
    solve: {
      symbol: found.get("solve") ?? "", tied: found.get("tied") ?? "", budgets: found.getAll("budget"),
      smallest: found.has("smallest"),
    },
    unknown: [...new Set(unknown)],
  };
}

/** The fragment of a window's address as a place to keep what is set; kept = true makes a step to go back to. */
export function fragment(home) {
  const here = () => home.location.hash.slice(1);
  return {
    read: here,
    write(text, kept) {
      if (text === here()) return;
      const address = text ? `#${text}` : home.location.pathname + home.location.search;
      home.history[kept ? "pushState" : "replaceState"](null, "", address);
    },
    listen(changed) {
      const events = ["hashchange", "popstate"];
      events.forEach((event) => home.addEventListener(event, changed));
      return () => events.forEach((event) => home.removeEventListener(event, changed));
    },
    address: () => home.location.href,
  };
}
