import { fileURLToPath } from "node:url";
import type { LoadEngine } from "./engine.ts";
import { startEngineProcess } from "./engine-process.ts";
import { asEnvironment } from "./model/plan.ts";

const script = fileURLToPath(new URL("builtin/main.ts", import.meta.url));

/** The same load model in a Node process of its own, for machines without k6. */
export const builtinEngine = (): LoadEngine => ({
  name: "builtin",
  version: process.version,
  clock: "monotonic",
  start: (plan, sink, signal) =>
    startEngineProcess(
      {
        name: "builtin",
        file: process.execPath,
        args: ["--disable-warning=ExperimentalWarning", script],
        env: { ...process.env, ...asEnvironment(plan) },
        stoppedCodes: [],
      },
      sink,
      signal,
    ),
});
