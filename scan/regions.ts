/**
 * Region names of all AWS partitions: the SDK's `partitions.json` has the same prefixes (`^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$` and those of
 * China, GovCloud, ISO and the European Sovereign Cloud); the compass words keep ordinary text out.
 */
const nameWith = (hyphen: string): string =>
  `(?:(?:us|eu)${hyphen}(?:gov|iso[a-z]?)|eusc${hyphen}de|us|eu|ap|sa|ca|me|af|il|mx|cn)${hyphen}(?:(?:north|south)(?:east|west)?|east|west|central)${hyphen}[1-9]`;

/** Also in names that can have no hyphens: `AWS_ENDPOINT_US_EAST_2`. */
const regionPattern = new RegExp(`(?<![a-z0-9])(?:${nameWith("-")}|${nameWith("_")})(?![a-z0-9])`, "gi");
const zonePattern = new RegExp(`(?<![a-z0-9])(${nameWith("-")})(?:[a-f]|-[a-z]{3}-[1-9][a-z])(?![a-z0-9])`, "gi");

export interface Mention {
  readonly start: number;
  readonly end: number;
  readonly region: string;
}

export const regionsIn = (text: string): Mention[] => mentions(text, regionPattern, ([found]) => found);

/** Availability zones and local zones, by the region that they are in: `us-east-2a`, `us-west-2-lax-1a`. */
export const zonesIn = (text: string): Mention[] => [
  ...mentions(text, zonePattern, ([, region = ""]) => region),
  ...mentions(text, zoneIdPattern, ([, region = ""]) => regionOfShort.get(region.toLowerCase()) ?? ""),
];

/** Zone ids begin with a short form of the region: `use2-az1`. Source: "Availability Zone IDs for your AWS resources", AWS RAM User Guide. */
const regionOfShort: ReadonlyMap<string, string> = new Map(
  [
    "us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 ca-west-1 sa-east-1 mx-central-1 af-south-1 il-central-1",
    "eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 me-south-1 me-central-1",
    "ap-east-1 ap-east-2 ap-south-1 ap-south-2 ap-northeast-1 ap-northeast-2 ap-northeast-3",
    "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7",
  ]
    .flatMap((line) => line.split(" "))
    .map((region) => [shortOf(region), region]),
);
const zoneIdPattern = new RegExp(`(?<![a-z0-9-])(${[...regionOfShort.keys()].join("|")})-az[1-9](?![a-z0-9])`, "gi");

function shortOf(region: string): string {
  const [place = "", direction = "", number = ""] = region.split("-");
  const short: Readonly<Record<string, string>> = {
    northeast: "ne",
    southeast: "se",
    northwest: "nw",
    southwest: "sw",
  };
  return `${place}${short[direction] ?? direction.slice(0, 1)}${number}`;
}

const mentions = (text: string, pattern: RegExp, regionOf: (found: RegExpMatchArray) => string): Mention[] =>
  [...text.matchAll(pattern)].map((found) => ({
    start: found.index,
    end: found.index + found[0].length,
    region: regionOf(found).toLowerCase().replaceAll("_", "-"),
  }));
