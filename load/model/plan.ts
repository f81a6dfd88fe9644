/** What a load engine is told to do: plain JSON, so that a script in another process can be given it. */
export interface LoadPlan {
  readonly deployments: readonly { readonly name: string; readonly host: string }[];
  readonly dohUrl: string;
  readonly port: number;
  readonly token: string;
  readonly requestTimeoutMs: number;
  readonly tasks: TaskPlan;
  readonly users: UserPlan;
}

export interface TaskPlan {
  /** Worker slots over all deployments; each runs one task at a time. */
  readonly workers: number;
  readonly heartbeatEveryMs: number;
  /** A worker gives its task up when the last acknowledged heartbeat is older than this, ... */
  readonly heartbeatTimeoutMs: number;
  /** ... or after this many failed heartbeats in a row. */
  readonly failedHeartbeatsAtMost: number;
  /** How often a worker without a task asks for one. */
  readonly pollEveryMs: number;
}

export interface UserPlan {
  /** Calls of the user API per second over all deployments, half by fresh and half by sticky clients. 0: none. */
  readonly perSecond: number;
}

/** One worker slot. Neighbours serve different deployments, so that the starts of one deployment are spread too. */
export interface Slot {
  readonly index: number;
  readonly worker: string;
  readonly deployment: string;
  readonly host: string;
  /** Its place in the heartbeat interval: all slots together give an even load. */
  readonly phaseMs: number;
}

export function slotOf(plan: Pick<LoadPlan, "deployments" | "tasks">, index: number): Slot {
  const count = plan.deployments.length;
  const deployment = plan.deployments[index % count];
  if (deployment === undefined) throw new Error(`slot ${index} has no deployment: the plan names ${count}`);
  return {
    index,
    worker: `${deployment.name}-w${Math.floor(index / count) + 1}`,
    deployment: deployment.name,
    host: deployment.host,
    phaseMs: (index * plan.tasks.heartbeatEveryMs) / plan.tasks.workers,
  };
}

/** How each of the two kinds of users calls: its rate, and the number of users that this needs while nothing answers. */
export function usersOf(plan: Pick<LoadPlan, "deployments" | "users" | "requestTimeoutMs">): {
  readonly perSecond: number;
  readonly users: number;
} {
  const perSecond = plan.users.perSecond / 2;
  // A call holds its user for the whole timeout, twice when the name must be resolved too. One user per deployment at least.
  const held = Math.ceil((perSecond * plan.requestTimeoutMs * 2) / 1_000) + 1;
  return { perSecond, users: Math.max(held, plan.deployments.length) };
}

/** The plan as the environment of an engine's process. */
export const asEnvironment = ({ deployments, ...rest }: LoadPlan): Record<string, string> => ({
  GAMEDAY_LOAD: JSON.stringify(rest),
  GAMEDAY_DEPLOYMENTS: JSON.stringify(deployments),
});
