import type { LoadEngine } from "./engine.ts";
import { startEngineProcess } from "./engine-process.ts";
import { bundleScript } from "./k6/bundle.ts";
import { asEnvironment, type LoadPlan } from "./model/plan.ts";

/** k6's code for "stopped by an interrupt" (errext/exitcodes). */
const interrupted = 105;
const thresholdsFailed = 99;

/** k6 as an external process: it is licensed under the AGPL, and never linked. */
export const k6Engine = (found: { readonly file: string; readonly version: string }): LoadEngine => ({
  name: "k6",
  version: found.version,
  clock: "wall",
  start: async (plan, sink, signal) =>
    startEngineProcess(
      {
        name: `k6 ${found.version}`,
        file: found.file,
        args: [
          "run",
          "--quiet",
          "--no-color",
          "--no-usage-report",
          // Our lines and k6's own words come raw on standard output; the reader tells them apart.
          "--log-format=raw",
          "--log-output=stdout",
          // No REST API: nothing of a game day listens without need.
          "--address=",
          ...callsFrom(plan),
          // It does not need the language features that "extended" adds, nor their memory.
          "--compatibility-mode=base",
          "-",
        ],
        input: await bundleScript(),
        env: { ...ownEnvironment(), ...asEnvironment(plan) },
        // One for every call of an outage.
        noise: ["Request Failed"],
        stoppedCodes: [interrupted, thresholdsFailed],
      },
      sink,
      signal,
    ),
});

/**
 * Where calls come from when what they call is on this machine: many loopback addresses in place of one. A call that hangs in a lost region
 * keeps its port for the 30 s of Go's dialer, however soon it is given up, and on Linux finding the next free one of 14,000 takes ever longer.
 */
function callsFrom({ dohUrl }: Pick<LoadPlan, "dohUrl">): string[] {
  const [loopback, range] = new URL(dohUrl).hostname.split(".");
  return loopback === "127" ? [`--local-ips=127.${range}.64.1-127.${range}.64.254`] : [];
}

/** The user's environment without k6's own settings, which would change the load. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("K6_"));
  return {
    ...Object.fromEntries(kept),
    // No call to a registry of extensions.
    K6_AUTO_EXTENSION_RESOLUTION: "false",
    // Memory for time: the generator shares its processors with what it loads.
    GOGC: "400",
  };
}
