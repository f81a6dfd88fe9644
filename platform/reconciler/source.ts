import type { KubernetesObject } from "@kubernetes/client-node";
import { z } from "zod";
import type { Settings } from "./settings.ts";

/** What this region should be. */
export interface Desired {
  readonly etag: string;
  readonly objects: readonly KubernetesObject[];
}
export interface RegionReport {
  readonly applied: string | null;
  readonly deployments: readonly { readonly name: string; readonly ready: boolean }[];
  readonly problems: readonly string[];
}

/** The control plane, as a reconciler sees it. */
export interface Source {
  /** The region's manifest as soon as it is another than the known one; undefined when the wait was in vain. */
  next(known: string | undefined, signal: AbortSignal): Promise<Desired | undefined>;
  report(report: RegionReport, signal: AbortSignal): Promise<void>;
}

const addressed = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
});
const manifest = z.object({
  objects: z.array(z.custom<KubernetesObject>((given) => addressed.safeParse(given).success)),
});

/** How long the control plane may hold a question open until something changes. */
const waitSeconds = 10;

export function sourceOf(settings: Settings): Source {
  const base = `${settings.CONTROL_PLANE_URL}/v1/clusters/${settings.CLUSTER}`;
  const call = async (path: string, init: RequestInit, withinMs: number, signal: AbortSignal) => {
    const headers = { authorization: `Bearer ${settings.CONTROL_PLANE_TOKEN}`, ...init.headers };
    const limit = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
    const reply = await fetch(base + path, { ...init, headers, signal: limit });
    if (reply.ok || reply.status === 304) return reply;
    throw new Error(`${path} answered ${reply.status}: ${(await reply.text()).slice(0, 300)}`);
  };
  return {
    async next(known, signal) {
      const headers: Record<string, string> =
        known === undefined ? {} : { "if-none-match": known, prefer: `wait=${waitSeconds}` };
      const withinMs = settings.CALL_WITHIN_MS + waitSeconds * 1_000;
      const reply = await call(`/manifests/${settings.REGION}`, { headers }, withinMs, signal);
      if (reply.status === 304) return undefined;
      const { objects } = manifest.parse(await reply.json());
      return { etag: reply.headers.get("etag") ?? "", objects };
    },
    async report(report, signal) {
      const body = JSON.stringify({ region: settings.REGION, ...report });
      const headers = { "content-type": "application/json" };
      const reply = await call("/reports", { method: "POST", body, headers }, settings.CALL_WITHIN_MS, signal);
      await reply.arrayBuffer();
    },
  };
}
