import { readFileSync } from "node:fs";
import { familyOf, labelOf } from "../fixtures/lab/processes.ts";

/** CPU seconds used until a moment by all processes of each kind, those that have ended included. */
export interface CpuLook {
  /** Wall time in ms since 1970. */
  readonly wallMs: number;
  readonly secondsByKind: ReadonlyMap<string, number>;
}

/** What a process of a game day is, by its command line: the first pattern that fits names it. */
const kinds: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/^gameday-node/, "nodes with their pods"],
  [/^postgres: .*(?:walsender|walreceiver|startup)/, "replication"],
  [/^postgres:|\/postgres /, "PostgreSQL"],
  [/\/backbone\.ts/, "backbone (DNS, links)"],
  [/\/region\.ts/, "region process"],
  [/\/control-plane\//, "control plane"],
  [/\/supervisor\.ts/, "supervisor"],
  [/cli\/main\.ts/, "command (probes, history)"],
  [/\/k6\S* run |load\/builtin\//, "load engine"],
];

export const kindOf = (commandLine: string): string =>
  kinds.find(([pattern]) => pattern.test(commandLine))?.[1] ?? "others";

/**
 * Follows a process and all that descend from it; what belongs to a region carries its name. What a process used between the last look
 * at it and its end is not seen, so look often.
 */
export function watchCpu(root: number): { look(): void; readonly looks: readonly CpuLook[] } {
  const used = new Map<number, { kind: string; seconds: number }>();
  const regions = new Map<number, string | undefined>();
  const looks: CpuLook[] = [];
  return {
    looks,
    look() {
      for (const { pid, parent, cpuSeconds } of familyOf(root)) {
        // Parents come before their children, and all that a region process has started is in its region.
        if (!regions.has(pid)) regions.set(pid, regions.get(parent) ?? regionOf(pid));
        const region = regions.get(pid);
        const kind = kindOf(commandLineOf(pid));
        used.set(pid, { kind: region === undefined ? kind : `${kind}, ${region}`, seconds: cpuSeconds });
      }
      const secondsByKind = new Map<string, number>();
      for (const { kind, seconds } of used.values()) secondsByKind.set(kind, (secondsByKind.get(kind) ?? 0) + seconds);
      looks.push({ wallMs: Date.now(), secondsByKind });
    },
  };
}

/** CPU seconds of each kind between two moments, from the looks nearest to them, per second of the time between. */
export function rateBetween(looks: readonly CpuLook[], fromMs: number, untilMs: number): ReadonlyMap<string, number> {
  const nearest = (wallMs: number) =>
    looks.toSorted((a, b) => Math.abs(a.wallMs - wallMs) - Math.abs(b.wallMs - wallMs))[0];
  const [first, last] = [nearest(fromMs), nearest(untilMs)];
  if (first === undefined || last === undefined || first === last) return new Map();
  const seconds = (last.wallMs - first.wallMs) / 1_000;
  return new Map(
    [...last.secondsByKind].map(([kind, used]) => [kind, (used - (first.secondsByKind.get(kind) ?? 0)) / seconds]),
  );
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // It ended while we looked.
  }
}

/** Region processes are told theirs with all else about the lab. */
const regionOf = (pid: number): string | undefined => /"region":"([^"]+)"/.exec(labelOf(pid, "GAMEDAY_LAB") ?? "")?.[1];
