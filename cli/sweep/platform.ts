import { z } from "zod";
import type { Environment } from "../../harness/types.ts";

const step = z.object({ name: z.string(), state: z.string(), detail: z.unknown().optional() });
const operation = z.object({ id: z.string(), kind: z.string(), state: z.string(), steps: z.array(step) });
const cluster = z.object({
  active_region: z.string(),
  is_failed_over: z.boolean(),
  protection: z.object({ state: z.string(), because: z.string().nullish() }).optional(),
});

export interface Standing {
  readonly cluster: z.infer<typeof cluster>;
  /** The latest failover or failback. */
  readonly move: z.infer<typeof operation> | undefined;
  /** Whether what follows a move, and gives way to the next one, is under way. */
  readonly isCleaning: boolean;
}

/** The platform's control plane, as a sweep asks it. */
export interface Platform {
  standing(signal: AbortSignal): Promise<Standing>;
  /** Undefined when it was accepted, otherwise why not. */
  ask(isFailedOver: boolean, signal: AbortSignal): Promise<string | undefined>;
}

const answersWithinMs = 5_000;

export function platformOf({ platform: { controlPlane } }: Environment): Platform {
  const { url, token, clusterId } = controlPlane;
  const call = (path: string, signal: AbortSignal, init: RequestInit = {}): Promise<Response> =>
    fetch(`${url}/v1/clusters/${clusterId}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(answersWithinMs)]),
    });
  const read = async <T>(path: string, shape: z.ZodType<T>, signal: AbortSignal): Promise<T> => {
    const reply = await call(path, signal);
    const text = await reply.text();
    if (!reply.ok) throw new Error(`GET ${path} answered ${reply.status}: ${text.slice(0, 200)}`);
    return shape.parse(JSON.parse(text));
  };
  return {
    async standing(signal) {
      const { operations } = await read("/operations", z.object({ operations: z.array(operation) }), signal);
      const move = operations.findLast(({ kind }) => kind === "failover" || kind === "failback");
      const isCleaning = operations.some(({ kind, state }) => kind === "clean-up" && state === "running");
      return { cluster: await read("", cluster, signal), move, isCleaning };
    },
    async ask(isFailedOver, signal) {
      const reply = await call("", signal, { method: "PATCH", body: JSON.stringify({ is_failed_over: isFailedOver }) });
      const text = await reply.text();
      return reply.ok ? undefined : `${reply.status}: ${text.slice(0, 200)}`;
    },
  };
}
