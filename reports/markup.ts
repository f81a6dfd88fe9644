/** Text that is HTML or SVG already. Everything else that comes into a page is escaped on the way. */
export interface Markup {
  readonly markup: string;
}
export type Child = Markup | string | number | undefined | false | readonly Child[];
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Safe as text and inside quotes. Control characters, which no page may hold, become the replacement character. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? character).replace(/[^\P{Cc}\n\t]|\p{Cs}/gu, "\uFFFD");

const voids = new Set(["meta", "link", "br", "hr", "col"]);
const alone = new Set(["rect", "line", "path", "circle", "use"]);

/** An element: `h("td", { class: "number" }, "12")`. An attribute that is undefined or false is left out. */
export function h(name: string, attributes: Attributes = {}, ...children: Child[]): Markup {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([key, value]) => (value === true ? ` ${key}` : ` ${key}="${escaped(short(value))}"`))
    .join("");
  if (voids.has(name)) return { markup: `<${name}${written}>` };
  const inside = text(children);
  if (inside === "" && alone.has(name)) return { markup: `<${name}${written}/>` };
  return { markup: `<${name}${written}>${inside}</${name}>` };
}

/** A quantity stays on one line with its unit, and a name with its hyphens: `14 min 2 s`, `us-east-2`. */
export const unbroken = (text: string): Child =>
  text
    .split(/(\b\w+(?:-\w+)+\b|\d[\d.,]* (?:ms|s|min|h|%)(?!\w))/)
    .map((part, n) => (n % 2 === 1 ? h("span", { class: "nowrap" }, part) : part));

/** Several pieces as one. */
export const all = (...children: Child[]): Markup => ({ markup: text(children) });

/** Text of ours that needs no escape, such as a style sheet. Never for what a run has said. */
export const trusted = (markup: string): Markup => ({ markup });

function text(child: Child): string {
  if (child === undefined || child === false) return "";
  if (typeof child === "string") return escaped(child);
  if (typeof child === "number") return escaped(short(child));
  if ("markup" in child) return child.markup;
  return child.map(text).join("");
}

/** Tenths of a pixel are enough for any drawing. */
const short = (value: string | number | boolean | undefined): string =>
  typeof value === "number" ? String(Math.round(value * 10) / 10) : String(value);
