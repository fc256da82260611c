import { fragment } from "./url.js";
import { mount } from "./view.js";

const data = JSON.parse(document.getElementById("model").textContent);
mount(document.getElementById("explorer"), data, { storage: fragment(window) });
performance.mark("symcost-mounted");
