import { z } from "@hono/zod-openapi";
import type { Problem } from "../problem.ts";

/** When each is the answer, and how one goes on: the document's words for it. */
const meanings = {
  unauthorized: "No token was sent, or one that is not known here.",
  forbidden: "The token is known, but may not do this.",
  "malformed-body": "The body is not JSON.",
  "invalid-body": "A key is unknown, or has a value of another shape; the detail names key, value and choices.",
  "too-large": "The body is larger than 1 MiB.",
  "unknown-cluster": "There is no such cluster.",
  "unknown-operation": "The cluster has no such operation.",
  "unknown-token": "There is no such token.",
  "unknown-region": "The region is not offered here, or is none of this cluster's.",
  "no-manifest": "The region's manifest is not written yet; ask again when the cluster is active.",
  "cluster-exists": "The name is taken; choose another.",
  "same-region": "`dr_region` is the primary region; choose another.",
  "overlapping-cidrs": "The two regions' networks share addresses; choose ranges that do not.",
  "no-dr": "The cluster has no second region; set `dr_region` first.",
  "has-dr": "The cluster has a second region already.",
  "not-active": "The cluster is being made, or could not be made; wait until it is active.",
  "operation-running": "Another operation is running; follow it, then ask again.",
  "already-failed-over": "The cluster is in its second region already.",
  "not-failed-over": "The cluster is in its primary region; there is no failover to undo.",
  "region-unreachable": "The primary region is silent; a failback waits for its reports, or give the region up.",
  "not-rebuilt": "The primary region's database is not rebuilt yet; follow the clean-up, or give the region up.",
  "not-in-sync": "The primary region's database is not in sync; a failback would lose what it lacks.",
  "database-unknown": "The database did not tell its state in time; ask again.",
  "region-active": "The cluster lives in that region now; bring it to its other region first.",
  "region-abandoned": "The cluster was removed from that region for good; choose another.",
  "no-loss-bound": "This platform is configured to bound no loss.",
  "names-not-written": "DNS did not take the names in time; nothing was added, ask again later.",
  internal: "Something broke here; nothing was promised, ask again.",
} as const;
export type ProblemCode = keyof typeof meanings;

type Status = Problem["status"];
type Codes = Readonly<Partial<Record<Status, readonly ProblemCode[]>>>;

/** Problem documents (RFC 9457) of one route, by status. Those that every route has come by themselves. */
export function problems(own: Codes) {
  const codes: Codes = { 401: ["unauthorized"], 403: ["forbidden"], 500: ["internal"], ...own };
  return Object.fromEntries(
    Object.entries(codes).map(([status, those]) => [
      status,
      {
        description: those.map((code) => `\`${code}\`: ${meanings[code]}`).join(" "),
        content: { "application/problem+json": { schema: problemOf(Number(status), those) } },
        ...(status === "401" ? { headers: challenge } : {}),
      },
    ]),
  );
}

/** What every route with a body may answer besides. */
export const bodyProblems = {
  400: ["malformed-body"],
  413: ["too-large"],
  422: ["invalid-body"],
} as const satisfies Codes;

const challenge = { "WWW-Authenticate": { description: "How to authenticate.", schema: { type: "string" as const } } };

const problemOf = (status: number, codes: readonly ProblemCode[]) =>
  z.strictObject({
    type: z.enum(codes.map((code) => `/problems/${code}`)).meta({ description: "What kind of problem it is." }),
    title: z.string().meta({ description: "The kind, in words." }),
    status: z.literal(status),
    detail: z.string().meta({ description: "What is wrong with this request, and how to go on." }),
    instance: z.string().meta({ description: "The path that was asked for." }),
  });
