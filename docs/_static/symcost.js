// What is wider than the page scrolls by itself, and can be reached and scrolled with the keyboard.
const wide = "pre, div.math, .table-wrapper";
const reach = () => {
  for (const part of document.querySelectorAll(wide)) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
  }
};
addEventListener("load", reach);
addEventListener("resize", reach);
