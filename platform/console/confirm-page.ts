import { html } from "hono/html";
import type { Action } from "./actions.ts";
import type { Piece } from "./words.ts";

export interface Confirmation {
  readonly cluster: string;
  readonly action: Action;
  /** Regions to choose from, where there is a choice. */
  readonly candidates: readonly string[];
  /** What was wrong with the answer before. */
  readonly fault?: string | undefined;
}

/** Says in plain words what will happen and what may be lost, and asks for the cluster's name: a click alone does nothing. */
export function confirmPage({ cluster, action, candidates, fault }: Confirmation): Piece {
  const { title, happens, loses, purpose, whyNot, name } = action;
  const none = /^(Nothing|No data)\b/.test(loses);
  return html`<div class="narrow"><p class="crumbs"><a href="/clusters/${cluster}">Back to ${cluster}</a></p>
<h1>${title}?</h1><p class="muted">${purpose}</p>
<div class="card"><h2>What will happen</h2><ol>${happens.map((each) => html`<li>${each}</li>`)}</ol>
<h2>What may be lost</h2><p class="loses${none ? " none" : ""}">${loses}</p>
${
  whyNot === undefined
    ? html`<form method="post" action="/clusters/${cluster}/${name}">
${candidates.length === 0 ? "" : html`<label for="region">The second region</label><select id="region" name="region">${candidates.map((each) => html`<option>${each}</option>`)}</select>`}
<label for="typed">Type <code>${cluster}</code> to confirm</label>
<input id="typed" name="typed" autocomplete="off" autocapitalize="off" spellcheck="false" required autofocus${
        fault === undefined ? "" : html` aria-invalid="true" aria-describedby="fault"`
      }>
${fault === undefined ? "" : html`<p class="error" id="fault" role="alert">${fault}</p>`}
<div class="row"><button class="button${none ? "" : " danger"}">${title}</button><a href="/clusters/${cluster}">Do nothing</a></div></form>`
    : html`<h2>Not available now</h2><p class="off" role="status">${whyNot}</p>
<div class="row"><a class="button" href="/clusters/${cluster}">Back to ${cluster}</a></div>`
}</div></div>`;
}
