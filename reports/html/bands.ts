import type { History, Millis } from "../../harness/types.ts";
import { textOf } from "../values.ts";

/** A part of the run that a reader thinks of as one: a drill, or a phase between drills. */
export interface Band {
  readonly name: string;
  readonly isDrill: boolean;
  readonly from: Millis;
  readonly to: Millis;
}

/** Something that was broken, for as long as it was. */
export interface Held {
  readonly process: string;
  /** What was broken, in a few words: `us-east-2 lost`. */
  readonly name: string;
  /** The region that was taken away, if it was one. */
  readonly lost: string | undefined;
  /** The region that was there and did not work, if it was one. */
  readonly gray: string | undefined;
  readonly from: Millis;
  /** When its heal began. */
  readonly to: Millis;
  readonly landedBy: string | undefined;
}

/** The run from load to settle, one band after the other: what goes on inside a drill is the drill's. */
export function bandsOf(history: History, endsAt: Millis): Band[] {
  const drills = [...history.pairs("run", "drill")].map(({ invocation, completion }): Band => {
    const name = textOf(invocation.value, "name") ?? "drill";
    return { name, isDrill: true, from: invocation.time, to: completion?.time ?? endsAt };
  });
  const inDrill = (at: Millis): boolean => drills.some(({ from, to }) => at >= from && at < to);
  const known = [...history.pairs("run", "phase")].map(({ invocation, completion }): Band => {
    const phase = textOf(invocation.value, "phase") ?? "phase";
    const [from, to] = [invocation.time, completion?.time ?? endsAt];
    return { name: nameOf(phase, history, from, to), isDrill: false, from, to };
  });
  const loadAt = known.find(({ name }) => name === "load")?.from ?? 0;
  const first = known[0]?.from ?? 0;
  const before: Band[] = first < loadAt ? [{ name: "preparation", isDrill: false, from: first, to: loadAt }] : [];
  const between = known.filter(({ from }) => from >= loadAt && !inDrill(from));
  return [...before, ...drills, ...between].sort((a, b) => a.from - b.from);
}

const names: Readonly<Record<string, string>> = { protection: "rebuild" };

/** A heal that brings a region back is its return. */
function nameOf(phase: string, history: History, from: Millis, to: Millis): string {
  if (phase !== "heal") return names[phase] ?? phase;
  const heals = [...history.pairs("fault", "heal")].filter(({ invocation: { time } }) => time >= from && time <= to);
  return heals.some(({ invocation }) => invocation.process === "fault/lose-region") ? "return" : phase;
}

/** Everything that was broken, in order; what did not happen is left out. */
export function heldFaults(history: History, endsAt: Millis): Held[] {
  const heals = [...history.pairs("fault", "heal")];
  const looks = [...history.pairs("fault", "confirm")];
  return [...history.pairs("fault", "inject")]
    .filter(({ completion }) => completion?.type !== "fail")
    .map(({ invocation: { process, value, time, index } }): Held => {
      const after = ({ invocation }: (typeof heals)[number]): boolean =>
        invocation.process === process && invocation.index > index;
      const region = textOf(value, "region");
      return {
        process,
        name: faultName(process, region, textOf(value, "component")),
        lost: process === "fault/lose-region" ? region : undefined,
        gray: process === "fault/gray-region" ? region : undefined,
        from: time,
        to: heals.find(after)?.invocation.time ?? endsAt,
        landedBy: textOf(looks.find(after)?.completion?.value, "how"),
      };
    });
}

function faultName(process: string, region: string | undefined, component: string | undefined): string {
  switch (process) {
    case "fault/lose-region":
      return `${region ?? "region"} lost`;
    case "fault/gray-region":
      return `${region ?? "region"} gray`;
    case "fault/cut-replication":
      return "replication cut";
    case "fault/stop-control-plane":
      return "orchestrator killed";
    case "fault/degrade-standby":
      return `${component ?? "standby"} stopped`;
    default:
      return process.slice(process.indexOf("/") + 1).replaceAll("-", " ");
  }
}
