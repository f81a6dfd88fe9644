import { places, regionAddresses } from "../../fixtures/lab/addresses.ts";

/** Doors of a lab's regions that are no AWS API, by their port: it is the same in all regions and labs. */
const doors = new Map<number, string>(
  (["kubernetes", "ingress", "registry", "database"] as const).map((door) => [
    regionAddresses(0, places[0] ?? "lost")[door].port,
    door,
  ]),
);

/** What stands behind an address of a lab: undefined for its AWS endpoint, whose calls name their service themselves. */
export const doorsOf = (_host: string, port: number | undefined): string | undefined => doors.get(port ?? 0);
