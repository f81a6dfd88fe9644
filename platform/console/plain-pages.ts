import { html } from "hono/html";
import type { Cluster } from "../cluster.ts";
import type { Protection } from "../control-plane/protection.ts";
import { protectionTones } from "./cluster-page.ts";
import { mark } from "./marks.ts";
import { type Piece, plainly } from "./words.ts";

/** Where one signs in: what to type, and where to get it. */
export const signInPage = (fault?: string): Piece => html`<div class="narrow"><h1>Sign in</h1>
<p class="muted">This page shows clusters that live in two regions, and brings them from one to the other.</p>
<div class="card"><form method="post" action="/sign-in">
<label for="token">Token of the control plane</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus${
  fault === undefined ? html` aria-describedby="where"` : html` aria-invalid="true" aria-describedby="fault where"`
}>
${fault === undefined ? "" : html`<p class="error" id="fault" role="alert">${fault}</p>`}
<p class="muted small" id="where">Whoever runs the control plane has one in its configuration, and can make others with <code>POST /v1/tokens</code>: a viewer may look, an operator may change.</p>
<div class="row"><button class="button">Sign in</button></div></form></div></div>`;

/** All clusters, and how protected each is. */
export const listPage = (
  clusters: readonly { cluster: Cluster; protection: Protection }[],
): Piece => html`<h1>Clusters</h1>
${
  clusters.length === 0
    ? html`<p class="muted">There is none yet: create one with <code>POST /v1/clusters</code>, as <a href="/openapi.json">the API's description</a> says.</p>`
    : html`<ul class="clusters">${clusters.map(
        ({ cluster: { id, active_region, dr_region, region }, protection: { state, because } }) =>
          html`<li class="card"><a href="/clusters/${id}">${id}</a>${mark(protectionTones[state], state)}
<span class="where muted">Lives in ${active_region}${dr_region === null ? "" : `; the other region is ${active_region === region ? dr_region : region}`}. ${plainly(because)}</span></li>`,
      )}</ul>`
}`;

/** Something that was asked for and cannot be. */
export const refusedPage = (title: string, detail: string): Piece => html`<div class="narrow"><h1>${title}</h1>
<div class="card"><p>${detail}</p><div class="row"><a class="button" href="/">All clusters</a></div></div></div>`;
