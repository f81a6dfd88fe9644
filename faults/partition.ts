import type { Fault, Millis, Started } from "../harness/types.ts";
import { cutDirection } from "./crossing.ts";

export interface PartitionOptions {
  /** One way: the survivor cannot reach the region that is to be left, which still reaches it. */
  readonly oneWay?: boolean;
  /** Real-world time after which FIS ends it whatever happens. */
  readonly forAtMostMs?: Millis;
}

/** The regions lose sight of each other, and both live on: clients, DNS and the platform's control plane reach either of them. */
export const partition = ({ oneWay = false, forAtMostMs = 3_600_000 }: PartitionOptions = {}): Fault => ({
  role: "fault",
  name: "partition",
  plan: {
    breaks: oneWay
      ? "nothing crosses from the second region to the primary: neither an order nor an acknowledgement of what was replicated reaches it"
      : "nothing crosses between the regions: no replication, no order, no news; both go on answering their clients",
    forAtMostMs,
    undoneBy: ["StopExperiment at the end of the outage", "the end of the experiments' own duration", "gameday heal"],
  },
  async start(run): Promise<Started> {
    const { lost, survivor } = run.environment.regions;
    await using stack = new AsyncDisposableStack();
    const cuts: Started[] = [];
    stack.defer(() => healAll(cuts));
    const cut = async (from: string, to: string): Promise<void> => {
      cuts.push(await cutDirection(run, { process: "fault/partition", action: "partition", from, to, forAtMostMs }));
    };
    await cut(survivor, lost);
    if (!oneWay) await cut(lost, survivor);
    const armed = stack.move();
    return { [Symbol.asyncDispose]: () => armed.disposeAsync() };
  },
});

/** At once: nothing new crosses in either direction while the other one gives no answer. Rejects when one could not be undone. */
async function healAll(cuts: readonly Started[]): Promise<void> {
  const healed = cuts.map((one) => one[Symbol.asyncDispose]());
  await Promise.allSettled(healed);
  await Promise.all(healed);
}
