import type { Aws } from "../aws/clients.ts";
import { readParameter, readSecret } from "../aws/parameters.ts";
import { findStack, parameterOf } from "../aws/stacks.ts";
import type { PlatformConfig } from "../settings.ts";

/**
 * What a failover looks up before it acts, where the platform is configured to. Each is looked up until it was answered once, or was not: a
 * failover goes on without an answer, with what the record says.
 */
export interface Lookups {
  /** Why operators hold failovers back; undefined when they do not. */
  hold(): Promise<string | undefined>;
  /** The class of the database instance to make; undefined: it stays as the stack has it. */
  instanceClass(): Promise<string | undefined>;
  /** Undefined: the record's own. */
  databasePassword(): Promise<string | undefined>;
}

type Settings = PlatformConfig["lookups"];

/** `to` is the region that takes over: the only one that a failover should need. */
export function lookupsOf(aws: Aws, settings: Settings, to: string): Lookups {
  const { hold, instanceClass, databasePassword } = settings;
  const regionOf = ({ region }: { readonly region: string }): string => (region === "target" ? to : region);
  return {
    hold: remembered(async () => {
      if (hold === undefined) return undefined;
      const said = await readParameter(aws.ssm(regionOf(hold)), hold.name);
      return said === undefined || said === "go" ? undefined : `operators hold it back: ${hold.name} says ${said}`;
    }),
    instanceClass: remembered(async () => {
      if (instanceClass === undefined) return undefined;
      const stack = await findStack(aws.cloudFormation(regionOf(instanceClass)), instanceClass.name);
      return stack && parameterOf(stack, "InstanceClass");
    }),
    databasePassword: remembered(async () =>
      databasePassword === undefined
        ? undefined
        : readSecret(aws.ssm(regionOf(databasePassword)), databasePassword.name),
    ),
  };
}

/** Nothing found, and no answer, are not asked for again: an unreachable place would cost its time at every look. What was found may change. */
function remembered(look: () => Promise<string | undefined>): () => Promise<string | undefined> {
  let isOver = false;
  return async () => {
    if (isOver) return undefined;
    const found = await look().catch(() => undefined);
    isOver = found === undefined;
    return found;
  };
}
