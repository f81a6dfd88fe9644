import { html } from "hono/html";
import type { Action } from "./actions.ts";
import { mark, shape, type Tone } from "./marks.ts";
import { announcement, historyPart, runningPart } from "./operation-parts.ts";
import type { RecordSeen } from "./record.ts";
import type { Side, View } from "./view.ts";
import { moment, type Piece, plainly, span } from "./words.ts";

type ProtectionState = View["protection"]["state"];
export const protectionTones: Readonly<Record<ProtectionState, Tone>> = {
  protected: "good",
  rebuilding: "busy",
  suspended: "warn",
  unprotected: "bad",
};
const protectionMeanings: Readonly<Record<ProtectionState, string>> = {
  protected: "If the serving region is lost, the other one can take over, and what is lost is bounded.",
  rebuilding: "If the serving region is lost now, no other can take over yet. Nothing to do but wait.",
  suspended: "If the serving region is lost, the other one can take over, but nothing bounds how much is lost.",
  unprotected: "If the serving region is lost now, no other can take over.",
};

/** The parts of a cluster's page that change while one looks, by the id of their place. */
export function partsOf(view: View): Readonly<Record<string, Piece>> {
  const { operations, nowMs, record, actions, cluster } = view;
  return {
    state: statePart(view),
    running: runningPart(operations, nowMs),
    regions: html`<h2 id="both">Regions</h2><div class="sides">${view.sides.map((side) => sideCard(side, nowMs))}${
      cluster.dr_region === null ? noSecond : ""
    }</div>`,
    record: recordPart(record, cluster.active_region, nowMs),
    actions: html`<h2 id="can">What you can do</h2><div class="actions">${actions.map((action) => actionCard(action, cluster.id))}</div>`,
    history: historyPart(operations, nowMs),
  };
}

export const saidOf = ({ operations, protection }: View): string =>
  `${announcement(operations)} The cluster is ${protection.state}.`.trim();

/** The page of one cluster. */
export const clusterPage = (view: View): Piece => html`<p class="crumbs"><a href="/">All clusters</a></p>
<h1>${view.cluster.name}</h1>
${Object.entries(partsOf(view)).map(([id, part]) => html`<section id="${id}">${part}</section>`)}`;

function statePart({ protection: { state, because, sinceMs }, sides, cluster, nowMs }: View): Piece {
  const tone = protectionTones[state];
  const word = state.slice(0, 1).toUpperCase() + state.slice(1);
  return html`<div class="state ${tone}"><strong>${shape(tone)}${word}</strong><span>${plainly(because)}</span>
<span class="since small">since ${moment(sinceMs, nowMs)}, ${span(nowMs - sinceMs)}</span>
<span class="means">${takeOver(sides, cluster.active_region) ?? protectionMeanings[state]}</span></div>`;
}

/** What can be done when it is the serving region itself that is not heard; undefined when it is, or nothing can. */
function takeOver(sides: readonly Side[], serving: string): string | undefined {
  const isLost = sides.some(({ region, role }) => region === serving && role === "lost");
  const other = sides.find(({ region, role }) => region !== serving && role === "standby");
  return isLost && other !== undefined
    ? `The serving region is not heard. If it is lost, ${other.region} can take over: see below what you can do.`
    : undefined;
}

const healthTones: Readonly<Record<Side["health"]["state"], Tone>> = {
  healthy: "good",
  degraded: "warn",
  unreachable: "bad",
};
const roleWords: Readonly<Record<Side["role"], readonly [Tone, string]>> = {
  serving: ["good", "The deployments run here, and users are led here."],
  standby: ["calm", "Stands by: holds a copy of everything, and runs no deployment."],
  "taking over": ["busy", "Is being made the serving region."],
  lost: ["bad", "Is not heard. What it runs, if anything, nobody here can tell."],
};

function sideCard({ region, place, role, health }: Side, nowMs: number): Piece {
  const [tone, words] = roleWords[role];
  const { lastSeenMs, state, because } = health;
  const checks = health.checks ?? [];
  return html`<article class="card side ${role.replace(" ", "-")}" aria-label="${region}">
<header><h3>${region}</h3>${mark(tone, role)}${mark(healthTones[state], state)}</header>
<p class="role">The ${place} region. ${words}</p>
<p>${plainly(because)}</p>
${
  checks.length === 0
    ? ""
    : html`<ul class="checks" aria-label="Checks of ${region}">${checks.map(
        ({ name, ok, detail }) =>
          html`<li class="${ok ? "good" : "bad"}">${shape(ok ? "good" : "bad")}<span>${name}<span class="said">${ok ? " is well:" : " is not well:"}</span></span><span class="detail">${detail}</span></li>`,
      )}</ul>`
}
<footer>${lastSeenMs === null ? "Never heard" : html`Last heard ${moment(lastSeenMs, nowMs)}, ${span(nowMs - lastSeenMs)} ago`}</footer></article>`;
}

const noSecond = html`<div class="card side empty"><h3>No second region</h3>
<p class="muted">Nothing can take over. Choose one below.</p></div>`;

function recordPart({ name, target, region, seenMs, fault }: RecordSeen, serving: string, nowMs: number): Piece {
  const known =
    target === undefined
      ? html`<span>points nowhere that is known yet</span>`
      : html`<span>points at ${region === undefined ? "" : html`<strong>${region}</strong>, `}<code>${target}</code></span>`;
  return html`<h2 id="name">The name that users follow</h2><div class="card">${
    name === ""
      ? html`<p class="muted">It is made together with the cluster.</p>`
      : html`<p class="record"><code>${name}</code>${known}${
          seenMs === undefined ? "" : html`<span class="muted small">asked ${span(nowMs - seenMs)} ago</span>`
        }</p><p class="muted small">Every deployment's own name leads to it, so a failover changes where this one leads.</p>${
          region === undefined || region === serving
            ? ""
            : html`<p class="error">Users are led to ${region}, while the deployments run in ${serving}.</p>`
        }`
  }${fault === undefined ? "" : html`<p class="error">DNS could not be asked: ${fault}. It is asked again by itself.</p>`}</div>`;
}

const dangerous: readonly Action["name"][] = ["fail-over", "return", "give-up"];

function actionCard({ name, title, purpose, whyNot }: Action, cluster: string): Piece {
  return html`<section class="card action" aria-label="${title}"><h3>${title}</h3><p class="muted">${purpose}</p><div class="do">${
    whyNot === undefined
      ? html`<a class="button${dangerous.includes(name) ? " danger" : ""}" id="do-${name}" href="/clusters/${cluster}/${name}">${title}…</a>`
      : html`<p class="off"><b>Not available now</b>${whyNot}</p>`
  }</div></section>`;
}
