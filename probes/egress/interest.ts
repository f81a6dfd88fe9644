import type { AllowedAttempt, Attempt, EgressDescription } from "../../harness/egress.ts";
import type { Environment, Millis } from "../../harness/types.ts";
import type { Ended } from "./seen.ts";

export interface Interest {
  /** For how long attempts like this one are put together; undefined: each is told by itself. */
  togetherForMs(ended: Ended): Millis | undefined;
  isLost(seen: Pick<Attempt, "host" | "address">): boolean;
}

/** What is near is of interest for being there only; what is expected, for when. */
const [nearMs, expectedMs] = [5_000, 1_000];

/** Which attempts are worth a line of their own: those that leave their own region and the survivor, and are not expected. */
export function interestIn(
  { regions, regionOf }: Pick<Environment, "regions" | "regionOf">,
  { names, actors }: Pick<EgressDescription, "names" | "actors">,
  allowed: readonly AllowedAttempt[],
): Interest {
  const regionNamed = (host: string): string | undefined =>
    names.find(([suffix]) => host === suffix || host.endsWith(`.${suffix}`))?.[1];
  const regionFor = ({ host = "", address = "" }: Pick<Attempt, "host" | "address">): string | undefined =>
    regionOf(address) ?? regionOf(host) ?? regionNamed(host);
  const isBy = (by: string, label: string): boolean => (by.endsWith("/") ? label.startsWith(by) : label === by);
  const isExpected = ({ by, at = "", through = [] }: Attempt): boolean =>
    allowed.some(
      (one) =>
        isBy(one.by, by) &&
        one.from !== undefined &&
        [at, ...through].some((frame) => frame.startsWith(one.from ?? "")),
    );
  return {
    isLost: (seen) => regionFor(seen) === regions.lost,
    togetherForMs({ seen }) {
      const region = regionFor(seen);
      const own = actors.find((actor) => isBy(actor.by, seen.by))?.region;
      // What is in no region that is known here may be a global service, and is told by its call.
      const isNear = region === undefined ? seen.service === undefined : region === own || region === regions.survivor;
      if (isNear) return nearMs;
      return isExpected(seen) ? expectedMs : undefined;
    },
  };
}
