import { z } from "zod";
import { parseBody, Refused } from "../http/refused.ts";
import type { Reply, Route } from "../http/router.ts";
import { logKey } from "../logs.ts";
import { addOutput, nameOf } from "../records.ts";
import { type Claimed, claimJob, finishTask, heartbeat, runTask } from "../tasks.ts";
import type { Deployment } from "./deployment.ts";

const attempt = z.object({ hostname: z.string().min(1).max(200), try_number: z.number().int().positive() });
const ending = attempt.extend({ state: z.enum(["success", "failed"]) });
const output = z.object({
  worker: z.string().min(1).max(200),
  try_number: z.number().int().positive(),
  value: z.unknown().optional(),
});

/** What workers call: Airflow's Edge worker and Task Execution APIs, as far as a task's life needs them. */
export function executionRoutes({ settings, database, logs, wakeScheduler }: Deployment): Route[] {
  return [
    {
      method: "PUT",
      path: "/execution/task-instances/:id/heartbeat",
      answer: async ({ params: { id = "" }, body, isGone }) =>
        told(204, id, await heartbeat(database, { id, ...parseBody(attempt, body) }, isGone)),
    },
    {
      method: "POST",
      path: "/edge_worker/v1/jobs/fetch/:worker",
      answer: async ({ params: { worker = "" } }) => {
        const job = await claimJob(database, worker, settings.HEARTBEAT_TIMEOUT_MS);
        return job === undefined ? { status: 204 } : { status: 200, body: job };
      },
    },
    {
      method: "PATCH",
      path: "/execution/task-instances/:id/run",
      answer: async ({ params: { id = "" }, body }) =>
        told(200, id, await runTask(database, { id, ...parseBody(attempt, body) })),
    },
    {
      method: "PATCH",
      path: "/execution/task-instances/:id/state",
      answer: async ({ params: { id = "" }, body }) => {
        const { state, ...rest } = parseBody(ending, body);
        const outcome = await finishTask(database, { id, ...rest }, state, settings.MAX_TRIES);
        if (outcome === "ok") wakeScheduler();
        return told(204, id, outcome);
      },
    },
    {
      // Any try may leave an output, also one that has been overtaken: what ran twice must show twice.
      method: "POST",
      path: "/execution/xcoms/:id",
      answer: async ({ params: { id = "" }, body }) => {
        return told(201, id, await addOutput(database, { task_instance_id: id, ...parseBody(output, body) }));
      },
    },
    {
      // The worker sends the whole log so far each time; an object cannot be appended to.
      method: "POST",
      path: "/edge_worker/v1/logs/push/:id/:try",
      answer: async ({ params: { id = "", try: given = "" }, body }) => {
        const tryNumber = z.coerce.number().int().positive().safeParse(given);
        if (!tryNumber.success) throw new Refused(422, `a try is a positive whole number, not ${given}`);
        const name = await nameOf(database, id);
        if (name === undefined) return told(200, id, "missing");
        await logs.write(logKey(settings.DEPLOYMENT, { ...name, try_number: tryNumber.data }), body);
        return { status: 200, body: {} };
      },
    },
  ];
}

function told(status: 200 | 201 | 204, id: string, outcome: Claimed): Reply {
  if (outcome === "missing") throw new Refused(404, `no task instance ${id}`);
  if (outcome === "stale") throw new Refused(409, `task instance ${id} is not this attempt's any more`);
  return status === 204 ? { status } : { status, body: { id } };
}
