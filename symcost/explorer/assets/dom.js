const SVG = "http://www.w3.org/2000/svg";

/** An element of a document; text is set as text, never read as markup. */
export const el = (tag, attributes, ...children) => filled(document.createElement(tag), attributes, children);

/** An element of a drawing. */
export const svg = (tag, attributes, ...children) => filled(document.createElementNS(SVG, tag), attributes, children);

function filled(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") node.addEventListener(key, value);
    else if (key in { checked: 1, hidden: 1, value: 1 }) node[key] = value;
    else if (value !== false && value !== undefined) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

/** Set text where it is another one, so that nothing is drawn or spoken anew without need. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const own = Math.random().toString(36).slice(2, 8);
let made = 0;

/** A name for an element that no other element of the document has, though a notebook loads this once for each widget. */
export const fresh = (stem) => `symcost-${stem}-${own}-${++made}`;

/** Run something soon, once, however often it is asked for; again() asks, stop() forgets. */
export function soon(action, wait = 0) {
  let timer;
  const stop = () => clearTimeout(timer);
  return { stop, again: () => (stop(), (timer = setTimeout(action, wait))) };
}
