import type { Checker, Outcome, Verdict } from "../harness/types.ts";
import { some } from "../harness/words.ts";
import { fallenBetween } from "./fallen.ts";
import { endOf, nextDisturbance } from "./outage.ts";
import { type ProtectionSeen, protectionSamples, requests, succeeded } from "./vocabulary.ts";

/** Whether a region that never returns was given up cleanly: the platform says plainly what it lacks and what it offers, its database has let go of the region, and nobody noticed. */
export const givenUp: Checker = {
  name: "given-up",
  kind: "objective",
  check(history, context) {
    const request = requests(history).find(({ invocation: { value } }) => value?.phase === "giving up");
    if (request?.completion === undefined)
      return said("unknown", "nobody asked the platform to give the region up", []);
    const { invocation, completion } = request;
    if (completion.type !== "ok")
      return said(
        completion.type === "fail" ? "fail" : "unknown",
        `the platform was asked to give ${context.regions.lost} up, and did not take it: ${completion.error ?? "no answer"}`,
        [completion.index],
      );
    const until =
      nextDisturbance(history, { from: { low: invocation.time, high: completion.time } }, context) ?? endOf(history);
    const samples = succeeded(protectionSamples(history)).filter(
      ({ began }) => began > completion.time && began <= until,
    );
    const fallen = fallenBetween(history, invocation.time, until, context);
    if (fallen.length > 0)
      return said(
        "fail",
        `${some(fallen.map(({ name }) => name))} went down while ${context.regions.lost} was given up`,
        [completion.index, ...fallen.flatMap(({ evidence }) => evidence)],
      );
    if (samples.length === 0)
      return said("unknown", "nobody asked the platform for its protection after that", [completion.index]);
    const clean = samples.find(({ seen }) => wantingIn(seen, context.regions.lost).length === 0);
    if (clean !== undefined)
      return {
        ...said(
          "pass",
          `${context.regions.lost} is given up: the platform says ${clean.seen.claim?.state} (${clean.seen.claim?.because}) and ${offered(clean.seen)}, its database has no member there, and no deployment went down`,
          [completion.index, clean.index],
        ),
        details: { claim: clean.seen.claim, candidates: clean.seen.candidates, members: clean.seen.witness?.members },
      };
    const last = samples.at(-1);
    const wanting = last === undefined ? [] : wantingIn(last.seen, context.regions.lost);
    const isKnown = samples.some(({ seen }) => seen.claim !== undefined && seen.witness !== undefined);
    return said(isKnown ? "fail" : "unknown", `${context.regions.lost} was given up, but ${wanting.join(", and ")}`, [
      completion.index,
      ...(last === undefined ? [] : [last.index]),
    ]);
  },
};

const said = (outcome: Outcome, because: string, evidence: readonly number[]): Verdict => ({
  checker: "given-up",
  kind: "objective",
  outcome,
  because,
  evidence,
});

const offered = ({ candidates = [] }: ProtectionSeen): string =>
  candidates.length === 0 ? "has no other region to offer" : `offers ${some(candidates)}`;

/** What a sample lacks of a clean goodbye, as sentences. */
function wantingIn({ claim, candidates, witness }: ProtectionSeen, lost: string): string[] {
  return [
    claim?.state === "unprotected" ? "" : `the platform says ${claim?.state ?? "nothing of its protection"}`,
    claim?.state === "unprotected" && claim.because === "" ? "the platform does not say why it is unprotected" : "",
    candidates === undefined ? "it does not say where a new standby could be" : "",
    witness === undefined ? "RDS did not answer" : "",
    witness?.members.some(({ region }) => region === lost) ? `RDS still shows a member in ${lost}` : "",
  ].filter((text) => text !== "");
}
