import { html } from "hono/html";
import { isReturn, type Operation } from "../control-plane/operation.ts";

/** A piece of a page: text that was escaped. */
export type Piece = ReturnType<typeof html>;

const operationNames: Readonly<Record<Operation["kind"], string>> = {
  create: "Create",
  "enable-dr": "Enable DR",
  failover: "Failover",
  failback: "Failback",
  "clean-up": "Clean-up",
  "abandon-region": "Give a region up",
  "loss-bound": "Change the bound of loss",
  "dns-strategy": "Change how users are led to the other region",
  "standby-compute": "Change the compute of the standby",
};

export const nameOf = (operation: Pick<Operation, "kind" | "region">): string =>
  isReturn(operation) ? `Failover back to ${operation.region}` : operationNames[operation.kind];

/** What a step does, for whoever watches it for the first time. */
export const stepMeanings: Readonly<Record<string, string>> = {
  provision: "Make everything the cluster needs",
  ingress: "Write the name that users follow, and what it is switched by",
  "database-compute": "Give the database there compute",
  "database-failover": "Make the database there the writer",
  manifests: "Start the deployments there",
  dns: "Point the name that users follow there",
  rebuilt: "Wait until the region that was left is rebuilt",
  "rescue-snapshot": "Copy the snapshot of what it had last",
  "loss-bound": "Change the bound of loss on the database",
  "database-member": "Remove its database from the global one",
  replication: "Stop copying objects to it",
  record: "Write the cluster's record without it",
  "standby-compute": "Take compute from the database that stands by, unless it is to be warm",
};

/** `1 h 4 min`, `2 min 5 s`, `8 s`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

/** A moment in UTC, without the date when it is today's. */
export function moment(ms: number, nowMs: number): Piece {
  const iso = new Date(ms).toISOString();
  const [day = "", time = ""] = iso.split("T");
  const today = new Date(nowMs).toISOString().startsWith(day);
  return html`<time datetime="${iso}">${today ? "" : `${day} `}${time.slice(0, 8)} UTC</time>`;
}

/** What only a caller of the API can do about it. */
const apiWords =
  /[;.]? (?:If it never returns, DELETE \S+|If \S+ is lost, ask with allow_data_loss|follow [^;.]* at \S+|set dr_region (?:first|to [\w, -]+))/g;

/** Words of the API as a sentence of the page. A region's name stays as it is. */
export function plainly(detail: string): string {
  const words = detail.replaceAll(apiWords, "").trim();
  const first = /^[a-z]+\b(?!-)/.test(words) ? words.slice(0, 1).toUpperCase() : words.slice(0, 1);
  return `${first}${words.slice(1)}${/[.!?)]$/.test(words) || words === "" ? "" : "."}`;
}
