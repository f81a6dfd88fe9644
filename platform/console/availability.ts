import type { Cluster } from "../cluster.ts";
import { checkAbandon, checkChange, moveOf } from "../control-plane/changes.ts";
import type { Context } from "../control-plane/context.ts";
import { runningOperation } from "../control-plane/operations.ts";
import { Problem } from "../control-plane/problem.ts";
import { secondaryCandidates } from "../control-plane/protection.ts";
import type { ActionName } from "./actions.ts";
import type { User } from "./session.ts";
import { nameOf, plainly } from "./words.ts";

/** What each action asks of the control plane: exactly what the API would be asked. */
export function asked(cluster: Cluster, name: ActionName, region: string) {
  const other = cluster.active_region === cluster.region ? cluster.dr_region : cluster.region;
  switch (name) {
    case "fail-over":
      return { change: { is_failed_over: true } };
    case "fail-back":
      return { change: { is_failed_over: false } };
    case "return":
      return { change: { is_failed_over: false, allow_data_loss: true } };
    case "suspend-bound":
      return { change: { loss_bound: "suspended" as const } };
    case "enforce-bound":
      return { change: { loss_bound: "enforced" as const } };
    case "protect":
      return { change: { dr_region: region } };
    case "give-up":
      return { abandon: other ?? "" };
  }
}

/** Why the action cannot be asked for now, in words for whoever looks at the page; undefined when it can. */
export async function whyNot(
  context: Context,
  cluster: Cluster,
  name: ActionName,
  user: User,
): Promise<string | undefined> {
  if (user.role === "viewer")
    return "You are signed in with a token that may look only. Sign in with one of an operator.";
  const [candidate] = secondaryCandidates(context, cluster);
  const { change, abandon } = asked(cluster, name, candidate ?? "");
  const running = runningOperation(context, cluster.id, change && moveOf(cluster, change));
  if (running !== undefined) return `${nameOf(running)} is running. Wait until it is done.`;
  if (name === "protect" && candidate === undefined) return "There is no other region that the cluster could use.";
  try {
    if (change !== undefined) await checkChange(context, cluster, change);
    else checkAbandon(context, cluster, abandon);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return plainly(error.message);
    throw error;
  }
}
