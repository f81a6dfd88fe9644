import type { Millis } from "../../harness/types.ts";
import { duration } from "../../harness/words.ts";
import { count, running } from "../format.ts";
import type { OutageClock } from "./clock.ts";
import type { Progress } from "./progress.ts";
import type { TasksSeen } from "./sights.ts";

/** `outage so far 11 s`, `failover: all answer after 31.2 s`. */
export function clockSaying(clock: OutageClock, now: Millis): string {
  const ms = running((clock.to ?? now) - clock.from);
  const name = clock.drill ?? "outage";
  if (clock.to !== undefined) return `${name}: all deployments answer after ${ms}`;
  if (clock.isOver) return `${name}: not all deployments answered when it ended`;
  if (clock.isPlanned) return clock.isFelt ? `${name}: ${ms} so far` : `${name}: ${ms} so far, no deployment down`;
  return `outage so far ${ms}`;
}

/** A task lives on for a while when nobody answers it: how many are heard says what their number does not. */
export const answeredSaying = ({ answered }: TasksSeen): string | undefined => {
  if (answered === undefined || answered > 0.995) return undefined;
  return answered === 0
    ? "no heartbeat answered"
    : `${Math.max(1, Math.floor(answered * 100))} % of heartbeats answered`;
};

/** Clocks whose figures are of the moment: the one that runs, or the one that stopped last. */
export const clockNow = ({ clocks }: Progress): OutageClock | undefined => clocks.at(-1);

/** What the run waits for now, as far as it is more than the clock says. */
export function waitingFor({ phases, protection, lost }: Progress): string | undefined {
  const running = phases.filter(({ state }) => state === "running").map(({ name }) => name);
  const told = protection === undefined ? "" : `: ${protection}`;
  if (running.includes("protection")) return `waiting to be protected again${told}`;
  if (running.includes("gate")) return `waiting for the steady-state check to refuse${told}`;
  if (running.includes("heal")) return lost === undefined ? "healing" : `waiting for ${lost.region} to return`;
  if (running.includes("recovery")) return "waiting until all is stable";
  return undefined;
}

/** The run in one line. */
export function standing(progress: Progress, now: Millis): string {
  const { deployments: seen, tasks, title, lost } = progress;
  const unseen = seen.all - seen.up - seen.down;
  const clock = clockNow(progress);
  const isLost = lost !== undefined && lost.to === undefined;
  const realMs = clock === undefined ? 0 : ((clock.to ?? now) - clock.from) * title.timeScale;
  return [
    seen.up + seen.down === 0 ? "no deployment looked at yet" : `${seen.up} of ${seen.all} deployments up`,
    seen.up + seen.down > 0 && unseen > 0 && `${unseen} not looked at yet`,
    tasks !== undefined && `${count(tasks.alive)} of ${count(tasks.due)} tasks alive`,
    tasks !== undefined && answeredSaying(tasks),
    clock !== undefined && clockSaying(clock, now),
    clock !== undefined &&
      !(clock.isOver && clock.to === undefined) &&
      title.timeScale !== 1 &&
      `at most ${duration(realMs)} in real time`,
    clock === undefined && isLost && `${lost.region} lost for ${duration(now - lost.from)}`,
    waitingFor(progress),
  ]
    .filter((part) => typeof part === "string")
    .join(" · ");
}
