import type { EgressSeen, EgressWatch } from "../vocabulary.ts";
import { controlPlanes, globalRegionBeside, hiddenDependencies } from "./atlas.ts";
import { readHost } from "./hosts.ts";
import { regionsByAddress } from "./ranges.ts";

/** A region that has a part in serving a call. */
export interface Served {
  readonly region: string;
  /** `place`: where it goes. `control-plane`: where a global service is served. `hidden`: what the operation needs besides. `possible`: what it may need. */
  readonly how: "place" | "control-plane" | "hidden" | "possible";
  readonly because: string;
  /** Where the reason is from, when it is the atlas that says so. */
  readonly source?: string;
}

/** Whose control plane an operation needs where it needs one besides: a name is made by Route 53, and a bucket's settings are S3's. */
export const hiddenPlaneOf = (service: string | undefined): string => (service === "s3" ? "s3" : "route53");

type Destination = Pick<EgressSeen, "host" | "address" | "service" | "operation" | "signedRegion">;

/** Gives the regions that really serve an attempt, by what is known of this run's world and by the atlas. The place comes first. */
export function atlasOf({ ranges, names, controlPlanes: firstRegion }: EgressWatch): (seen: Destination) => Served[] {
  const regionOf = regionsByAddress(ranges);
  /** What the atlas calls us-east-1 has another name elsewhere. */
  const named = (region: string, beside?: string): string =>
    region === "us-east-1" ? (firstRegion ?? globalRegionBeside(beside)) : region;

  function placeOf({ host = "", address, signedRegion }: Destination): Served | undefined {
    for (const one of [address ?? "", host]) {
      const region = regionOf(one);
      if (region !== undefined) return { region, how: "place", because: `${one} is an address of ${region}` };
    }
    const own = names.find(([suffix]) => host === suffix || host.endsWith(`.${suffix}`));
    const region = own?.[1] ?? readHost(host).region;
    if (region !== undefined) return { region, how: "place", because: `${host} is a name of ${region}` };
    if (signedRegion === undefined || /[*,]/.test(signedRegion)) return undefined;
    return { region: signedRegion, how: "place", because: `it is signed for ${signedRegion}` };
  }

  return (seen) => {
    const place = placeOf(seen);
    const service = seen.service ?? readHost(seen.host ?? "").globalService;
    const { operation = "" } = seen;
    const plane = controlPlanes.find(({ services }) => services.includes(service ?? ""));
    // The global endpoint of STS serves callers outside AWS from its first region; it is no control plane.
    const isGlobalSts = readHost(seen.host ?? "").globalService === "sts";
    const hidden = hiddenDependencies.filter((one) => one.service === service && one.operations.includes(operation));
    const all: Served[] = [
      ...(plane === undefined
        ? []
        : [
            {
              region: named(plane.region, seen.signedRegion),
              how: "control-plane" as const,
              because: plane.because,
              source: plane.source,
            },
          ]),
      ...(isGlobalSts
        ? [{ region: named("us-east-1"), how: "place" as const, because: `${seen.host} is served by us-east-1` }]
        : []),
      // A global service may be signed for any region: its own place is what counts, unless an address tells otherwise.
      ...(place === undefined || (plane !== undefined && place.because.startsWith("it is signed")) ? [] : [place]),
      ...hidden.map(({ region, because, source, isPossible }) => ({
        region: named(region, seen.signedRegion),
        how: isPossible ? ("possible" as const) : ("hidden" as const),
        because,
        source,
      })),
    ];
    const known = new Set<string>();
    return all.filter(({ region }) => !known.has(region) && known.add(region));
  };
}
