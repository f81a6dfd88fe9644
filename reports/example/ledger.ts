import type { Random } from "../../harness/types.ts";
import { type Did, did, type Ending, fail, info, ok } from "../../history/literal.ts";
import { between, regions, times } from "./times.ts";

const EVERY_MS = 500;
const WITHIN_MS = 2_000;
/** How far the survivor's copy was behind when the region went dark. */
const BEHIND_MS = 64;

type Row = readonly [deployment: string, seq: number, region: string, copies: number];

/** Numbered markers in both regions, and what was read back: the newest acknowledged ones had not crossed the link yet. */
export function ledger(deployments: readonly string[], random: Random, recovers: boolean): Did[] {
  const promoted = recovers ? times.writerPromoted + 120 : Number.POSITIVE_INFINITY;
  const rows: Row[] = [];
  let turn = 0;
  const appends = deployments.flatMap((deployment, n) => {
    const first = 400 + Math.round((n / deployments.length) * EVERY_MS);
    const howMany = Math.floor((times.end - WITHIN_MS - first) / EVERY_MS);
    return Array.from({ length: howMany }, (_, seq) => seq).flatMap((seq) => {
      const began = first + seq * EVERY_MS;
      const ackedAt = began + between(random, 2, 9);
      const isTried = turn++ % 16 === 0;
      const append = (region: string, ended: number, end: Ending): Did =>
        did("probe/ledger append", [began, ended], { region, deployment, seq }, end);
      const keep = (region: string): void => void rows.push([deployment, seq, region, 1]);
      const deeds: Did[] = [];
      if (ackedAt < times.dark) {
        deeds.push(append(regions.lost, ackedAt, ok({ epoch: 1 })));
        if (ackedAt < times.dark - BEHIND_MS) keep(regions.lost);
      } else if (began < times.dark + 60) {
        deeds.push(append(regions.lost, began + WITHIN_MS, info("Query read timeout")));
        if (n % 3 === 0) keep(regions.lost);
      } else if (isTried) {
        const end =
          began < times.heal
            ? fail("timeout exceeded when trying to connect", { answered: false })
            : fail("ECONNREFUSED", { answered: true });
        deeds.push(append(regions.lost, began < times.heal ? began + WITHIN_MS : ackedAt, end));
      }
      if (began > promoted) {
        deeds.push(append(regions.survivor, ackedAt, ok({ epoch: 2 })));
        if (ackedAt <= times.stock + 20) keep(regions.survivor);
      } else if (isTried)
        deeds.push(
          append(regions.survivor, ackedAt, fail(began < times.computeReady ? "57P03" : "25006", { answered: true })),
        );
      return deeds;
    });
  });
  const read = recovers ? ok({ rows }) : fail("ECONNREFUSED");
  return [
    ...appends,
    did("probe/ledger read", [times.stock + 20, times.stock + 310], { region: regions.survivor }, read),
  ];
}
