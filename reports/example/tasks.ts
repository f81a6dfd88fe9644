import type { Random } from "../../harness/types.ts";
import { type Did, did, fail, ok } from "../../history/literal.ts";
import { backAt, givesUpAt } from "./load.ts";
import { between, regions, times } from "./times.ts";

/** The few moments of every task, and what each deployment says of its tasks in the end. */
export function tasks(deployments: readonly string[], howMany: number, random: Random, recovers: boolean): Did[] {
  const moments = Array.from({ length: howMany }, (_, n) => {
    const worker = `worker-${String(n + 1).padStart(4, "0")}`;
    return life(worker, deployments[n % deployments.length] ?? "", givesUpAt(n, howMany), random, backAt(recovers));
  }).flat();
  const reads = deployments.map((deployment) => {
    const began = times.stock + between(random, 10, 400);
    const seen = recovers ? ok(rowsOf(deployment, moments, began)) : fail("HTTP_503");
    return did("probe/tasks read", [began, began + between(random, 20, 90)], { deployment }, seen);
  });
  return [...moments.map(({ deed }) => deed), ...reads];
}

interface Moment {
  readonly event: "start" | "killed" | "finish";
  readonly deployment: string;
  readonly id: string;
  readonly try: number;
  readonly worker: string;
  readonly deed: Did;
}

/** One worker: task after task until the outage; then it waits, or gives up and its task begins again. */
function life(worker: string, deployment: string, diesAt: number, random: Random, back: number): Moment[] {
  const moments: Moment[] = [];
  let at = 1_500 + between(random, 0, 6_500);
  for (let n = 0; at < times.end - 4_000; n++) {
    const event = (name: Moment["event"], began: number, attempt: number): void => {
      const value = { event: name, worker, deployment, id: `${worker}-${n}`, try: attempt };
      // Who gave a task up did so without an answer.
      const answered = name === "killed" ? ok() : ok({ region: began < times.dark ? regions.lost : regions.survivor });
      moments.push({
        ...value,
        deed: did("load/tasks task", [began, began + between(random, 3, 12)], value, answered),
      });
    };
    event("start", at, 1);
    let attempt = 1;
    let endsAt = at + between(random, 6_000, 22_000);
    if (endsAt > times.dark - 20) {
      if (at < times.dark && diesAt < back) {
        event("killed", diesAt, 1);
        if (!Number.isFinite(back)) break;
        attempt = 2;
        const again = back + between(random, 200, 5_500);
        event("start", again, attempt);
        endsAt = again + between(random, 3_000, 8_000);
      } else if (at < times.dark) endsAt = Math.max(endsAt, back + between(random, 100, 2_000));
    }
    if (endsAt > times.end - 2_000) break;
    event("finish", endsAt, attempt);
    at = endsAt + between(random, 40, 200);
  }
  return moments;
}

function rowsOf(deployment: string, moments: readonly Moment[], at: number): object {
  const rows = new Map<string, { id: string; try: number; state: string }>();
  const outputs: object[] = [];
  for (const one of moments) {
    if (one.deployment !== deployment || (one.deed.ended ?? 0) > at) continue;
    if (one.event === "start") rows.set(one.id, { id: one.id, try: one.try, state: "running" });
    if (one.event === "killed") rows.set(one.id, { id: one.id, try: one.try, state: "queued" });
    if (one.event !== "finish") continue;
    rows.set(one.id, { id: one.id, try: one.try, state: "success" });
    outputs.push({ id: one.id, try: one.try, worker: one.worker });
  }
  return { tasks: [...rows.values()], outputs };
}
