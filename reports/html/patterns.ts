import { h, type Markup } from "../markup.ts";

/** Hatches that all charts of the page share, so that no state is told by colour alone. */
export const patterns: Markup = h(
  "svg",
  { class: "defs", "aria-hidden": "true" },
  h(
    "defs",
    {},
    hatch("hatch-down", 5, "hatch-down-ground", "hatch-ink", 1.1),
    hatch("hatch-doubt", 5, "hatch-doubt-ground", "hatch-doubt-ink", 1.6),
    hatch("hatch-landing", 6, undefined, "hatch-landing-ink", 0.9),
    pattern(
      "hatch-unknown",
      4,
      4,
      h("rect", { class: "hatch-unknown-ground", width: 4, height: 4 }),
      h("rect", { class: "hatch-unknown-ink", x: 1, y: 1, width: 1.6, height: 1.6 }),
    ),
    pattern("dash-accent", 6, 3, h("rect", { class: "dash-accent-ink", width: 4, height: 3 })),
    pattern("dash-sticky", 8, 3, h("rect", { class: "dash-sticky-ink", width: 5.5, height: 3 })),
  ),
);

function hatch(id: string, size: number, ground: string | undefined, ink: string, width: number): Markup {
  return h(
    "pattern",
    { id, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    ground !== undefined && h("rect", { class: ground, width: size, height: size }),
    h("line", { class: ink, x1: 0, x2: 0, y1: 0, y2: size, "stroke-width": width * 2 }),
  );
}

function pattern(id: string, width: number, height: number, ...inside: Markup[]): Markup {
  return h("pattern", { id, width, height, patternUnits: "userSpaceOnUse" }, inside);
}
