import { startClock } from "../../harness/clock.ts";
import { createClient } from "../model/client.ts";
import { type ClientKind, type Line, latenessLimit } from "../model/lines.ts";
import { type LoadPlan, slotOf, usersOf } from "../model/plan.ts";
import { callAsUser } from "../model/user.ts";
import { work } from "../model/worker.ts";
import { percentile } from "../percentile.ts";
import { carryOut } from "./carry-out.ts";
import { openConnections } from "./connections.ts";

/** The load of a game day in this process: the plan comes in the environment, lines go to standard output, SIGINT ends it. */
const plan: LoadPlan = {
  ...JSON.parse(process.env["GAMEDAY_LOAD"] ?? "{}"),
  deployments: JSON.parse(process.env["GAMEDAY_DEPLOYMENTS"] ?? "[]"),
};
const clock = startClock();
const nowMs = (): number => clock.wallOriginMs + clock.now();
const lateMs: number[] = [];
let droppedIterations = 0;

const tell = (line: Line): void => {
  if (line[0] === "h" && line[5] === 0) lateMs.push(line[3]);
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

tell(["hello", nowMs()]);
const originMs = nowMs() + 200;
for (let index = 0; index < plan.tasks.workers; index++) {
  const around = { plan, originMs, client: createClient(plan, "sticky", nowMs), nowMs, tell };
  void carryOut(work(slotOf(plan, index), around), openConnections("sticky", plan.requestTimeoutMs), clock);
}
if (plan.users.perSecond > 0) {
  startUsers("sticky", 0);
  startUsers("fresh", 0.5);
}

/** Calls at a constant rate, whatever becomes of the calls before. When every user still waits for an answer, the call is dropped and counted. */
function startUsers(kind: ClientKind, phase: number): void {
  const { perSecond, users } = usersOf(plan);
  const idle = Array.from({ length: users }, (_, home) => ({
    home,
    client: createClient(plan, kind, nowMs),
    connections: openConnections(kind, plan.requestTimeoutMs),
  }));
  const everyMs = 1_000 / perSecond;
  let turn = 0;
  clock.every(clock.now() + phase * everyMs, everyMs, () => {
    const user = idle.shift();
    if (user === undefined) {
      droppedIterations += 1;
      return;
    }
    turn += 1;
    const deployment = plan.deployments[(kind === "sticky" ? user.home : turn) % plan.deployments.length];
    if (deployment === undefined) return;
    const call = callAsUser(deployment.host, turn, kind, { client: user.client, nowMs, tell });
    void carryOut(call, user.connections, clock).then(() => idle.push(user));
  });
}

function end(): void {
  const late = (percentile(lateMs, 99) ?? 0) >= latenessLimit.ms;
  const failed = [
    ...(droppedIterations > 0 ? ["dropped_iterations count<1"] : []),
    ...(late ? [`${latenessLimit.metric} ${latenessLimit.threshold}`] : []),
  ];
  const farewell: Line = ["bye", droppedIterations, failed];
  process.stdout.write(`${JSON.stringify(farewell)}\n`, () => process.exit(0));
}
process.once("SIGINT", end);
process.once("SIGTERM", end);
// Whoever started this process is gone when its end of our input is: without a reader there is no load.
process.stdin.once("end", () => process.exit(1)).resume();
process.stdout.once("error", () => process.exit(1));
