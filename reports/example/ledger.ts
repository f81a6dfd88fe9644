import type { Random } from "../../harness/types.ts";
import type { ScriptedDeed } from "./script.ts";
import { between, regions, times } from "./times.ts";

const EVERY_MS = 500;
/** What the survivor's copy was behind when the region went dark, in ms. */
const BEHIND_MS = 64;

/** Numbered markers in both regions, and what was read back: the newest acknowledged ones had not crossed the link yet. */
export function ledger(deployments: readonly string[], random: Random, recovers: boolean): ScriptedDeed[] {
  const rows: [string, number, string, number][] = [];
  const promoted = recovers ? times.writerPromoted : Number.POSITIVE_INFINITY;
  let turn = 0;
  const appends = deployments.flatMap((deployment, n) => {
    const deeds: ScriptedDeed[] = [];
    for (let seq = 0; ; seq++) {
      const began = 400 + Math.round((n / deployments.length) * EVERY_MS) + seq * EVERY_MS;
      if (began > times.end - 2_500) break;
      const append = (region: string) =>
        ({ process: "probe/ledger", f: "append", value: { region, deployment, seq }, began }) as const;
      const tried = turn++ % 16 === 0;
      const ackedAt = began + between(random, 2, 9);
      if (ackedAt < times.dark) {
        deeds.push({ ...append(regions.lost), ended: ackedAt, result: {} });
        if (ackedAt < times.dark - BEHIND_MS) rows.push([deployment, seq, regions.lost, 1]);
      } else if (began < times.dark + 60) {
        deeds.push({ ...append(regions.lost), ended: began + 2_000, type: "info", error: "Query read timeout" });
        if (n % 3 === 0) rows.push([deployment, seq, regions.lost, 1]);
      } else if (tried && began < times.heal) {
        deeds.push({
          ...append(regions.lost),
          ended: began + 2_000,
          type: "fail",
          error: "timeout exceeded when trying to connect",
        });
      } else if (tried) {
        deeds.push({ ...append(regions.lost), ended: ackedAt, type: "fail", error: "25006" });
      }
      if (began > promoted + 120) {
        deeds.push({ ...append(regions.survivor), ended: ackedAt, result: {} });
        if (began < times.stock) rows.push([deployment, seq, regions.survivor, 1]);
      } else if (tried) {
        deeds.push({
          ...append(regions.survivor),
          ended: ackedAt,
          type: "fail",
          error: began < times.computeReady ? "ECONNREFUSED" : "25006",
        });
      }
    }
    return deeds;
  });
  const read: ScriptedDeed = recovers
    ? {
        process: "probe/ledger",
        f: "read",
        value: { region: regions.survivor },
        began: times.stock + 20,
        ended: times.stock + 310,
        result: { rows },
      }
    : {
        process: "probe/ledger",
        f: "read",
        value: { region: regions.survivor },
        began: times.stock + 20,
        ended: times.stock + 60,
        type: "fail",
        error: "ECONNREFUSED",
      };
  return [...appends, read];
}
