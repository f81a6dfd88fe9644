import { seededRandom } from "../harness/random.ts";
import type { HistoryInMemory } from "../history/history-of.ts";
import { attempts } from "./example/attempts.ts";
import { availability } from "./example/availability.ts";
import { ledger } from "./example/ledger.ts";
import { load } from "./example/load.ts";
import { failover, fault, play } from "./example/play.ts";
import { schedulers } from "./example/schedulers.ts";
import { historyInOrder } from "./example/script.ts";
import { state } from "./example/state.ts";
import { survivor } from "./example/survivor.ts";
import { tasks } from "./example/tasks.ts";
import { deploymentNames, regions, times } from "./example/times.ts";

export interface ExampleOptions {
  readonly seed?: string;
  readonly deployments?: number;
  readonly tasks?: number;
  /** False: promotion never ends, and the deadline heals. */
  readonly recovers?: boolean;
  /** True: the first step asks the lost region for a parameter. */
  readonly asksLostRegion?: boolean;
  /** The platform's own words in its last step: anything at all may stand there. */
  readonly detail?: string;
}

/** A made-up but lifelike run, the same for the same options: for tests of reports, and for looking at them. */
export function exampleHistory({
  seed = "4f2a91c3",
  deployments: howMany = 80,
  tasks: taskCount = 1_200,
  recovers = true,
  asksLostRegion = false,
  detail = "ingress.cluster-1.airflow.example now names us-west-2",
}: ExampleOptions = {}): HistoryInMemory {
  const random = seededRandom(seed);
  const deployments = deploymentNames(howMany);
  return historyInOrder([
    ...play(seed, deployments, recovers),
    ...fault(),
    ...failover(recovers, detail),
    ...survivor(howMany, random.fork("survivor"), recovers),
    ...availability(deployments, random.fork("availability"), recovers),
    ...ledger(deployments, random.fork("ledger"), recovers),
    ...load(deployments, taskCount, random.fork("load"), recovers),
    ...state(random.fork("state"), recovers),
    ...attempts({
      from: times.dark,
      until: times.heal,
      end: times.end,
      recordAt: times.podsReady + 100,
      parameterAt: asksLostRegion ? times.requested + 100 : undefined,
    }),
    ...schedulers(deployments.slice(0, 10), {
      until: times.end,
      servingAt: (time) =>
        time < times.dark ? regions.lost : recovers && time > times.podsReady ? regions.survivor : undefined,
      isDark: (region, time) => region === regions.lost && time > times.dark - 800 && time < times.heal,
    }),
    ...tasks(deployments, taskCount, random.fork("tasks"), recovers),
  ]);
}
