import { html } from "hono/html";
import type { Piece } from "./words.ts";

export type Tone = "good" | "warn" | "bad" | "calm" | "busy";

const shapes: Readonly<Record<Tone, string>> = {
  good: "M2 6.5 5 9.5 10.5 3 9.3 2 4.9 7.2 3.1 5.3Z",
  warn: "M6 1 11.5 11H.5ZM5.4 4.4h1.2v3.2H5.4ZM5.4 8.6h1.2v1.2H5.4Z",
  bad: "M2.4 1.2 6 4.8l3.6-3.6 1.2 1.2L7.2 6l3.6 3.6-1.2 1.2L6 7.2l-3.6 3.6-1.2-1.2L4.8 6 1.2 2.4Z",
  calm: "M2 5h8v2H2Z",
  busy: "M3 1.5 10 6 3 10.5Z",
};

/** A shape for each tone, so that no state is told by colour alone; the words beside it are for those who do not see it. */
export const shape = (tone: Tone): Piece =>
  html`<svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><path fill-rule="evenodd" d="${shapes[tone]}"/></svg>`;

export const mark = (tone: Tone, words: string): Piece =>
  html`<span class="mark ${tone}">${shape(tone)}${words}</span>`;
