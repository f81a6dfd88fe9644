import type { V1Pod } from "@kubernetes/client-node";
import { deploymentLabel, pluginLabel } from "../../manifests/labels.ts";
import { inLanes } from "../lanes.ts";
import type { Page } from "./openmetrics.ts";

/** What was read from the region's pods. */
export interface Harvest {
  /** The latest page of each pod that still is there. */
  pages(): readonly Page[];
  /** Reads all pods once; gives the log lines that are new since the last time. */
  gather(): Promise<string[]>;
}

const scrapeFlag = "prometheus.io/scrape";
const scrapePort = "prometheus.io/port";
const atOnce = 4;

/** Reads metrics of every pod that asks for it, and log lines of those that keep some. A pod that does not answer is left out until it does. */
export function harvestOf(pods: () => readonly V1Pod[], withinMs: number): Harvest {
  const pages = new Map<string, Page>();
  const lastLine = new Map<string, number>();

  async function readOne({ metadata, status }: V1Pod, lines: string[]): Promise<void> {
    const { uid = "", annotations = {}, labels = {}, name: pod = "" } = metadata ?? {};
    const base = `http://${status?.podIP}:${annotations[scrapePort] ?? "8080"}`;
    const read = async (path: string) => {
      const reply = await fetch(base + path, { signal: AbortSignal.timeout(withinMs) });
      return reply.ok ? reply.text() : undefined;
    };
    try {
      const text = await read("/metrics");
      const app = labels[deploymentLabel] ?? labels[pluginLabel] ?? "";
      if (text !== undefined) pages.set(uid, { text, labels: { app, pod } });
      if (labels[pluginLabel] === undefined) return;
      for (const line of ((await read(`/logs?after=${lastLine.get(uid) ?? 0}`)) ?? "").split("\n")) {
        if (line === "") continue;
        const { number, ...said } = JSON.parse(line) as { number: number };
        lastLine.set(uid, number);
        lines.push(JSON.stringify({ ...said, pod }));
      }
    } catch {
      pages.delete(uid);
    }
  }

  return {
    pages: () => [...pages.values()],
    async gather() {
      const asked = pods().filter(
        ({ metadata, status }) => metadata?.annotations?.[scrapeFlag] === "true" && status?.podIP !== undefined,
      );
      const there = new Set(asked.map(({ metadata }) => metadata?.uid ?? ""));
      for (const uid of [...pages.keys(), ...lastLine.keys()]) {
        if (there.has(uid)) continue;
        pages.delete(uid);
        lastLine.delete(uid);
      }
      const lines: string[] = [];
      await inLanes(
        atOnce,
        asked.map((pod) => () => readOne(pod, lines)),
      );
      return lines;
    },
  };
}
