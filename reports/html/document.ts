import { type Child, h, trusted } from "../markup.ts";
import { style } from "./style.ts";

/** Nothing may be fetched and nothing may run: a page is its own style sheet and drawings. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** A page that needs nothing but itself: no network, no script, readable from a file for years. */
export function document(title: string, ...body: Child[]): string {
  const { markup } = h(
    "html",
    { lang: "en" },
    h(
      "head",
      {},
      h("meta", { charset: "utf-8" }),
      h("meta", { "http-equiv": "Content-Security-Policy", content: policy }),
      h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      h("meta", { name: "color-scheme", content: "light dark" }),
      h("title", {}, title),
      h("link", { rel: "icon", href: "data:," }),
      h("style", {}, trusted(style)),
    ),
    h("body", {}, ...body),
  );
  return `<!doctype html>\n${markup}\n`;
}
