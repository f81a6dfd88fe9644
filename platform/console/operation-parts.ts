import { html } from "hono/html";
import type { Operation } from "../control-plane/operation.ts";
import { mark, shape, type Tone } from "./marks.ts";
import { moment, nameOf, type Piece, span, stepMeanings } from "./words.ts";

type Step = Operation["steps"][number];

/** The operations that run now, each with its steps. */
export function runningPart(operations: readonly Operation[], nowMs: number): Piece {
  const running = operations.filter(({ state }) => state === "running");
  if (running.length === 0) return html``;
  return html`<h2 id="now">Happening now</h2>${running.map((operation) => operationCard(operation, nowMs))}`;
}

function operationCard(operation: Operation, nowMs: number): Piece {
  const { steps } = operation;
  const name = nameOf(operation);
  const begun = beganMs(steps);
  return html`<section class="card operation" aria-label="${name}">
<header><h3>${name}</h3>${mark("busy", "running")}
${begun === undefined ? "" : html`<span class="took">since ${moment(begun, nowMs)}, ${span(nowMs - begun)}</span>`}</header>
${stepList(steps, nowMs)}</section>`;
}

const tones: Readonly<Record<Step["state"], Tone>> = { pending: "calm", running: "busy", done: "good", failed: "bad" };

function stepList(steps: readonly Step[], nowMs: number): Piece {
  return html`<ol class="steps">${steps.map(({ name, state, startedMs, endedMs, detail }) => {
    const took = startedMs === null ? "" : span((endedMs ?? nowMs) - startedMs);
    const waiting = state === "running" ? " waiting" : "";
    return html`<li class="${state} ${tones[state]}${waiting}"><span class="dot">${shape(tones[state])}</span>
<span class="name">${stepMeanings[name] ?? name} <code>${name}</code></span>
<span class="took number">${stateWords[state]}${took === "" ? "" : `, ${took}`}</span>
${detail === "" ? "" : html`<span class="detail">${state === "running" ? html`<span class="muted">waits: </span>` : ""}${detail}</span>`}</li>`;
  })}</ol>`;
}

const stateWords: Readonly<Record<Step["state"], string>> = {
  pending: "not begun",
  running: "running",
  done: "done",
  failed: "failed",
};

/** Everything that was ever asked of the cluster, newest first. */
export function historyPart(operations: readonly Operation[], nowMs: number): Piece {
  return html`<h2 id="history">What was done before</h2><div class="card">
${
  operations.every(({ state }) => state === "running")
    ? html`<p class="muted">Nothing yet.</p>`
    : html`<table aria-labelledby="history"><thead><tr><th scope="col">Operation</th><th scope="col">Begun</th><th scope="col">Took</th><th scope="col">Ended</th></tr></thead><tbody>
${operations.filter(({ state }) => state !== "running").map((operation) => historyRow(operation, nowMs))}</tbody></table>`
}</div>`;
}

function historyRow(operation: Operation, nowMs: number): Piece {
  const { state, steps, error } = operation;
  const begun = beganMs(steps);
  const ended = Math.max(...steps.map(({ endedMs }) => endedMs ?? 0));
  return html`<tr><td>${nameOf(operation)}</td>
<td class="number">${begun === undefined ? "–" : moment(begun, nowMs)}</td>
<td class="number">${begun === undefined || ended === 0 ? "–" : span(ended - begun)}</td>
<td>${state === "done" ? mark("good", "done") : mark("bad", "failed")}${error === undefined ? "" : html`<div class="error small">${error}</div>`}</td></tr>`;
}

function beganMs(steps: readonly Step[]): number | undefined {
  const begun = steps.flatMap(({ startedMs }) => (startedMs === null ? [] : [startedMs]));
  return begun.length === 0 ? undefined : Math.min(...begun);
}

/** What a screen reader is told when it changes: which step runs, not each thing that is seen of it. */
export function announcement(operations: readonly Operation[]): string {
  const [latest] = operations;
  if (latest === undefined) return "";
  const name = nameOf(latest);
  if (latest.state !== "running") return `${name} is ${latest.state}.`;
  const at = latest.steps.findIndex(({ state }) => state === "running");
  const step = latest.steps[at];
  if (step === undefined) return `${name} has begun.`;
  return `${name}, step ${at + 1} of ${latest.steps.length}: ${stepMeanings[step.name] ?? step.name}.`;
}
