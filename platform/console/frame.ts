import { html, raw } from "hono/html";
import { style } from "./style.ts";
import type { Piece } from "./words.ts";

export interface Frame {
  readonly title: string;
  /** Who is signed in; undefined on the page where one does. */
  readonly name?: string;
  /** One-time number by which the browser knows this page's own style and script. */
  readonly nonce: string;
  /** Where changes of the page come from. */
  readonly live?: string;
  readonly body: Piece;
}

/** Puts each changed part into its place; a link that has the focus keeps it. */
const script = `
const said = document.getElementById("announcement");
const source = new EventSource(document.currentScript.dataset.live);
source.addEventListener("part", ({ data }) => {
  const { id, html } = JSON.parse(data);
  const focused = document.activeElement?.id;
  document.getElementById(id).innerHTML = html;
  if (focused && document.activeElement.id !== focused) document.getElementById(focused)?.focus();
});
source.addEventListener("said", ({ data }) => { said.textContent = data; });
source.addEventListener("gone", () => location.reload());
`;

/** A whole page: landmarks, a way past the top, and, where something is live, a script of a few lines or a refresh without it. */
export const framed = ({ title, name, nonce, live, body }: Frame): Piece => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Control plane</title>
<link rel="icon" href="data:,">
${live === undefined ? "" : html`<noscript><meta http-equiv="refresh" content="5"></noscript>`}
<style nonce="${nonce}">${raw(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><div>
<a class="home" href="/">Control plane</a>
${name === undefined ? "" : html`<form method="post" action="/sign-out"><span class="muted small">Signed in with ${name}</span><button class="button quiet">Sign out</button></form>`}
</div></header>
<main id="main" tabindex="-1">
${body}
</main>
${live === undefined ? "" : html`<p class="said" id="announcement" role="status" aria-live="polite"></p><script nonce="${nonce}" data-live="${live}">${raw(script)}</script>`}
</body>
</html>`;
