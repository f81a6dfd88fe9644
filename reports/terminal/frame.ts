import type { Millis } from "../../harness/types.ts";
import { countOf, duration } from "../../harness/words.ts";
import { count, running } from "../format.ts";
import { cut, type Paint, padEnd, padStart, type Style } from "./paint.ts";
import type { Progress } from "./progress.ts";
import { answeredSaying, clockNow, clockSaying, waitingFor } from "./sayings.ts";
import type { Step, StepState } from "./steps.ts";

export interface FrameRoom {
  readonly columns: number;
  readonly rows: number;
}

/** Names and their indent, so that all durations stand in one column. */
const NAME_COLUMNS = 24;
const dots = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] as const;
const marks: Record<StepState, readonly [string, Style]> = {
  waiting: ["·", "dim"],
  running: ["◐", "cyan"],
  ok: ["✔", "green"],
  fail: ["✘", "red"],
  info: ["?", "yellow"],
};
const stages: Readonly<Record<string, string>> = {
  compute: "database compute",
  writer: "database writer",
  pods: "pods",
  dns: "name points to",
};

/** The picture of a run at one moment, line by line, cut to the room there is. `now` is on the run's clock. */
export function frame(progress: Progress, now: Millis, room: FrameRoom, paint: Paint): string[] {
  const { title, phases } = progress;
  const lines = [
    "",
    `  ${paint("bold", title.scenario || "game day")}   ${paint("dim", `seed ${title.seed}`)}`,
    `  ${paint("dim", subtitle(progress))}`,
    "",
    ...phases.flatMap((phase) => [
      stepLine(phase, now, paint, 2),
      ...(phase === progress.asking ? askedLines(progress, phase, now, paint) : []),
    ]),
    "",
    ...gauges(progress, now, paint),
    "",
  ];
  const shown = lines.length < room.rows ? lines : lines.slice(lines.length - room.rows + 1);
  return shown.map((line) => cut(line, room.columns - 1));
}

const subtitle = ({ title, deployments, lost }: Progress): string =>
  [
    lost === undefined || lost.to !== undefined
      ? title.regions.join(" and ")
      : `${lost.region} is lost, ${title.regions.find((region) => region !== lost.region)} survives`,
    title.timeScale === 1 ? title.tier : `${title.tier}, modelled delays ÷ ${title.timeScale}`,
    countOf(deployments.all, "deployment"),
  ].join(" · ");

function stepLine(step: Step, now: Millis, paint: Paint, indent: number): string {
  const [mark, style] = marks[step.state];
  const shownMark = step.state === "running" ? (dots[Math.floor(now / 100) % dots.length] ?? mark) : mark;
  const ofDrill = step.drill === undefined || step.drill === step.name ? "" : ` (${step.drill})`;
  const name = padEnd(`${step.name}${ofDrill}`, NAME_COLUMNS - indent);
  const took = step.beganAt === undefined ? "" : running((step.endedAt ?? now) - step.beganAt);
  return [
    " ".repeat(indent),
    paint(style, shownMark),
    " ",
    step.state === "waiting" ? paint("dim", name) : step.state === "running" ? paint("bold", name) : name,
    paint("dim", padStart(took, 9)),
    step.note === "" ? "" : `   ${paint(step.state === "fail" ? "red" : "dim", oneLine(step.note))}`,
  ].join("");
}

/** What the platform was asked and told, and what is seen of the region that it moves to. */
function askedLines(progress: Progress, phase: Step, now: Millis, paint: Paint): string[] {
  // The step that follows the others is told by them; alone it would say the same twice.
  const steps = phase.asked.filter(({ name }) => name !== "follow");
  // Only a change of region has stages that anybody witnesses.
  if (progress.clocks.length === 0) return steps.map((step) => stepLine(step, now, paint, 4));
  const seen = Object.entries(stages).flatMap(([stage, name]) => {
    const witness = progress.witnesses.get(stage);
    if (witness === undefined) return [];
    const mark = witness.done ? paint("green", "✔") : paint("cyan", "○");
    return [`    ${mark} ${paint("dim", padEnd(name, NAME_COLUMNS - 4))}   ${oneLine(witness.state)}`];
  });
  return [
    ...steps.map((step) => stepLine(step, now, paint, 4)),
    ...(seen.length === 0 ? [] : [`    ${paint("dim", `seen in ${progress.witnessed}:`)}`, ...seen]),
  ];
}

function gauges(progress: Progress, now: Millis, paint: Paint): string[] {
  const { deployments, tasks, limitMs, title, lost } = progress;
  const lines: string[] = [];
  if (deployments.all > 0) lines.push(gauge("deployments up", deployments.up, deployments.all, paint));
  if (tasks !== undefined)
    lines.push(`${gauge("tasks alive", tasks.alive, tasks.due, paint)}${noted(answeredSaying(tasks), paint)}`);
  const clock = clockNow(progress);
  if (clock !== undefined) {
    const ms = ((clock.to ?? now) - clock.from) * title.timeScale;
    const projected = title.timeScale === 1 ? "" : `   at most ${duration(ms)} in real time`;
    const limit = limitMs === undefined ? "" : `   objective ${duration(limitMs)}`;
    const style: Style = clock.to === undefined ? ["bold", "yellow"] : ["bold", "green"];
    lines.push(`  ${paint(style, clockSaying(clock, now))}${paint("dim", `${projected}${limit}`)}`);
  } else if (lost !== undefined && lost.to === undefined)
    lines.push(`  ${paint(["bold", "yellow"], `${lost.region} lost for ${running(now - lost.from)}`)}`);
  const waits = waitingFor(progress);
  if (waits !== undefined) lines.push(`  ${paint("dim", oneLine(waits))}`);
  return lines;
}

const noted = (text: string | undefined, paint: Paint): string =>
  text === undefined ? "" : `   ${paint("dim", text)}`;

function gauge(name: string, value: number, all: number, paint: Paint): string {
  const full = all === 0 ? 0 : Math.floor((value / all) * 30);
  const style: Style = value === all ? "green" : "yellow";
  return `  ${padEnd(name, 15)} ${paint(style, "━".repeat(full))}${paint("dim", "─".repeat(30 - full))} ${count(value)}/${count(all)}`;
}

const oneLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, " ").trim();
