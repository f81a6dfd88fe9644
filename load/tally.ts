import type { Millis, Observation } from "../harness/types.ts";
import type { ClientKind, HeartbeatLine, Line, TaskLine, UserLine } from "./model/lines.ts";
import { type LoadPlan, slotOf } from "./model/plan.ts";
import { percentile } from "./percentile.ts";
import { createWorkforce, type Workforce } from "./workforce.ts";

interface HeartbeatSecond {
  due: number;
  sent: number;
  ok: number;
  failed: number;
  missed: number;
  blocked: number;
  readonly lateMs: number[];
  readonly tookMs: number[];
  readonly failedBy: Record<string, number>;
}
interface UserSecond {
  sent: number;
  ok: number;
  failed: number;
  readonly tookMs: number[];
}

export interface Tally {
  readonly workforce: Workforce;
  add(line: Line): void;
  /** Writes every second that ended before `beforeMs`: call it when no answer to what was due then can still come. */
  write(beforeMs: Millis): void;
}

export interface Places {
  /** Places wall time on the run's clock. */
  toRun(wallMs: number): Millis;
  /** The region that an address is in. */
  regionOf(address: string): string | undefined;
}

/** Turns an engine's lines into the history's own words: one tally per second, and every event of a task. */
export function createTally(
  plan: Pick<LoadPlan, "deployments" | "tasks">,
  observe: (seen: Observation) => void,
  { toRun, regionOf }: Places,
): Tally {
  const slots = Array.from({ length: plan.tasks.workers }, (_, index) => slotOf(plan, index));
  const workforce = createWorkforce(plan.tasks);
  const heartbeats = new Map<number, HeartbeatSecond>();
  const users = new Map<string, UserSecond>();
  let firstSecond: number | undefined;

  const secondOf = (atMs: Millis): number => {
    const second = Math.floor(atMs / 1_000);
    firstSecond ??= second;
    return second;
  };
  const heartbeatSecond = (dueMs: Millis): HeartbeatSecond => {
    const second = secondOf(dueMs);
    const known = heartbeats.get(second) ?? emptyHeartbeatSecond();
    heartbeats.set(second, known);
    return known;
  };

  const heartbeat = ([, slot, dueWallMs, lateMs, missed, blocked, tookMs, status]: HeartbeatLine): void => {
    const dueMs = toRun(dueWallMs);
    for (let before = 1; before <= missed; before++) {
      const passed = heartbeatSecond(dueMs - before * plan.tasks.heartbeatEveryMs);
      passed.due += 1;
      passed.missed += 1;
    }
    const second = heartbeatSecond(dueMs);
    second.due += 1;
    second.sent += 1;
    second.tookMs.push(tookMs);
    if (blocked) second.blocked += 1;
    else second.lateMs.push(lateMs);
    if (status >= 200 && status < 300) {
      second.ok += 1;
      workforce.heard(slot, dueMs + lateMs + tookMs);
    } else {
      second.failed += 1;
      const name = slots[slot]?.deployment ?? "?";
      second.failedBy[name] = (second.failedBy[name] ?? 0) + 1;
    }
  };

  const task = ([, event, type, index, beganMs, endedMs, id, attempt, error, address]: TaskLine): void => {
    const slot = slots[index];
    if (slot === undefined) return;
    const [began, ended] = [toRun(beganMs), toRun(endedMs)];
    secondOf(ended);
    if (event === "start" && type === "ok") workforce.took(index, ended);
    else if (event === "finish") workforce.finished(index, ended);
    else if (event === "killed" || event === "refused") workforce.dropped(index, ended);
    if (error !== "") workforce.troubled(`${slot.worker} ${event}: ${error}`);
    const { worker, deployment } = slot;
    const region = address === "" ? undefined : regionOf(address);
    observe({
      process: "load/tasks",
      f: "task",
      value: { event, worker, deployment, id, try: attempt },
      began,
      ended,
      type,
      ...(region === undefined ? {} : { result: { region } }),
      ...(error === "" ? {} : { error }),
    });
  };

  const user = ([, client, sentWallMs, tookMs, status]: UserLine): void => {
    const key = `${secondOf(toRun(sentWallMs))} ${client}`;
    const second = users.get(key) ?? { sent: 0, ok: 0, failed: 0, tookMs: [] };
    users.set(key, second);
    second.sent += 1;
    second.tookMs.push(tookMs);
    if (status >= 200 && status < 300) second.ok += 1;
    else second.failed += 1;
  };

  const writeSecond = (second: number): void => {
    const [began, ended] = [second * 1_000, (second + 1) * 1_000];
    const { lateMs, tookMs, ...counts } = heartbeats.get(second) ?? emptyHeartbeatSecond();
    observe({
      process: "load/heartbeats",
      f: "tally",
      value: { second },
      began,
      ended,
      type: "ok",
      result: {
        alive: workforce.mostAliveUntil(ended),
        ...counts,
        lateP50Ms: percentile(lateMs, 50),
        lateP99Ms: percentile(lateMs, 99),
        lateMaxMs: percentile(lateMs, 100),
        msP50: percentile(tookMs, 50),
        msP95: percentile(tookMs, 95),
        msP99: percentile(tookMs, 99),
      },
    });
    heartbeats.delete(second);
    for (const client of ["fresh", "sticky"] satisfies ClientKind[]) {
      const seen = users.get(`${second} ${client}`);
      if (seen === undefined) continue;
      users.delete(`${second} ${client}`);
      const { tookMs: took, ...sums } = seen;
      const times = { msP50: percentile(took, 50), msP95: percentile(took, 95), msP99: percentile(took, 99) };
      observe({
        process: "load/users",
        f: "tally",
        value: { second },
        began,
        ended,
        type: "ok",
        result: { client, ...sums, ...times },
      });
    }
  };

  return {
    workforce,
    add(line) {
      if (line[0] === "h") heartbeat(line);
      else if (line[0] === "t") task(line);
      else if (line[0] === "u") user(line);
      else if (line[0] === "p") workforce.troubled(`${slots[line[1]]?.worker} asked for a task: ${line[3]}`);
    },
    write(beforeMs) {
      if (firstSecond === undefined) return;
      for (; (firstSecond + 1) * 1_000 <= beforeMs; firstSecond++) writeSecond(firstSecond);
    },
  };
}

const emptyHeartbeatSecond = (): HeartbeatSecond => ({
  due: 0,
  sent: 0,
  ok: 0,
  failed: 0,
  missed: 0,
  blocked: 0,
  lateMs: [],
  tookMs: [],
  failedBy: {},
});
