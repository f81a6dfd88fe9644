import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import type { LabConfig } from "../fixtures/lab/config.ts";
import type { Environment, Op } from "../harness/types.ts";

/** What is broken on purpose in the harness itself: a measurement that is wrong must say so, and no verdict may come of it. */

/** Probes ask a name server that is not there. The load has its own way to the names, and works. */
export const plantedEyes = ({ plant }: LabConfig, environment: Environment): Environment =>
  plant.probesBlind ? { ...environment, dns: { ...environment.dns, port: nobodysPort } } : environment;
/** "discard", of RFC 863. */
const nobodysPort = 9;

/** The load engine is stopped for 300 ms of each second, by a process that ends when the engine does. */
export function plantedLateness({ plant }: LabConfig, { process: by, f, type, value }: Op): void {
  if (!plant.generatorLate || by !== "load/engine" || f !== "start" || type !== "ok") return;
  const pid = typeof value === "object" && value !== null && "pid" in value ? Number(value.pid) : Number.NaN;
  if (Number.isInteger(pid)) spawn("sh", ["-c", stalls, "sh", String(pid)], { stdio: "ignore" });
}
const stalls = "while kill -STOP $1; do sleep 0.3; kill -CONT $1; sleep 0.7; done";

/** A line in the middle of the history is gone, as if somebody had thought better of it. */
export async function plantedGap({ plant }: LabConfig, historyFile: string): Promise<void> {
  if (!plant.historyLineMissing) return;
  const lines = (await readFile(historyFile, "utf8")).split("\n");
  await writeFile(historyFile, lines.toSpliced(Math.floor(lines.length / 2), 1).join("\n"));
}
