import { answers } from "../harness/answers.ts";
import type { Probe } from "../harness/types.ts";
import { sampler } from "./sampler.ts";

/**
 * Asks the lost region itself, on the paths that need no platform: its AWS endpoint and its load balancer. An answer of any kind counts,
 * silence does not; a finished handshake is no answer, because the kernel of a frozen region still completes those.
 */
export const reachability: Probe = sampler("reachability", (run) => {
  const { lost } = run.environment.regions;
  const { hostname, port } = new URL(run.environment.aws(lost).endpoint);
  return {
    everyMs: run.scenario.timing.probeEveryMs / 2,
    looks: [
      {
        f: "sample",
        value: { region: lost },
        look: async (signal) => ({ answered: await answers(hostname, Number(port || 443), signal) }),
      },
    ],
  };
});
