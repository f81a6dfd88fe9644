import { nowMs } from "../clock.ts";
import type { Cluster } from "../cluster.ts";
import { readHealth } from "../control-plane/clusters.ts";
import type { Context } from "../control-plane/context.ts";
import { latestOperation, runningOperation } from "../control-plane/operations.ts";
import { protectionOf } from "../control-plane/protection.ts";
import { type ActionName, offered } from "./actions.ts";
import { whyNot } from "./availability.ts";
import { recordsOf } from "./record.ts";
import type { User } from "./session.ts";
import { sideOf, type View } from "./view.ts";

/** Looks at a cluster with the eyes of one who is signed in. */
export function viewsOf(context: Context): (cluster: Cluster, user: User) => Promise<View> {
  const recordOf = recordsOf(context);
  const availabilityOf = remembered(context);
  return async (cluster, user) => {
    const { primary, secondary } = readHealth(context, cluster.id);
    const running = runningOperation(context, cluster.id);
    const [record, actions] = await Promise.all([
      recordOf(cluster),
      Promise.all(
        offered(cluster, context.config.globalDatabaseRpoSeconds).map(async (action) => ({
          ...action,
          whyNot: await availabilityOf(cluster, action.name, user),
        })),
      ),
    ]);
    return {
      cluster,
      nowMs: nowMs(),
      protection: protectionOf(context, cluster),
      sides: [primary, secondary].flatMap((health) => (health === null ? [] : [sideOf(cluster, health, running)])),
      operations: context.store.operations(cluster.id).toReversed(),
      record,
      actions,
    };
  };
}

/** Whether a failback can be asked for, RDS is asked: a page that is open need not ask it at every turn. */
const freshMs = 2_000;

/** Remembers each answer for a moment, unless the cluster or its operations have changed. */
function remembered(context: Context) {
  const answers = new Map<
    string,
    { readonly seenMs: number; readonly state: string; readonly answer: Promise<string | undefined> }
  >();
  return (cluster: Cluster, name: ActionName, user: User): Promise<string | undefined> => {
    const key = `${cluster.id} ${name} ${user.role}`;
    const latest = latestOperation(context, cluster.id);
    const state = JSON.stringify([cluster, latest?.id, latest?.state]);
    const known = answers.get(key);
    if (known !== undefined && known.state === state && nowMs() - known.seenMs < freshMs) return known.answer;
    const answer = whyNot(context, cluster, name, user);
    answers.set(key, { seenMs: nowMs(), state, answer });
    return answer;
  };
}
