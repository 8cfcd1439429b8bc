/** Elements, made without markup in text: what a file holds can't become anything but text. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Return a new element.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] `onclick` and the like are listeners, true is an
 *   attribute without a value, false and null are none
 * @param {...(Node | string | null)} children
 */
export function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Return a new element of a picture. */
export function shape(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value") made.value = value;
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** Put other children into an element. */
export function refill(parent, ...children) {
  parent.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
}

/** Return an input with its label, and what stands below it. */
export function labelled(text, input, hint = null) {
  const id = input.id || `input-${labelled.next++}`;
  input.id = id;
  return element("div", { class: "field" }, element("label", { for: id }, text), input, hint);
}
labelled.next = 1;
