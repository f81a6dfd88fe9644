import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { labAddresses } from "../fixtures/lab/addresses.ts";
import type { Lab } from "../fixtures/lab/lab.ts";
import { findPostgres } from "../fixtures/lab/postgres/binaries.ts";
import { connected, type Login } from "../fixtures/lab/postgres/connect.ts";
import { onDiskCopy } from "../fixtures/lab/postgres/disk-copy.ts";
import type { Completion, History, Probe, Verdict } from "../harness/types.ts";

/** Markers of the lost region, each as `deployment/seq`. */
type Markers = ReadonlySet<string>;

/** What the two databases really hold while the lost region is frozen, read past everything that the harness measures with. */
export interface LedgerTruth {
  readonly onDisk: Markers;
  readonly inSurvivor: Markers;
}

/** A probe that opens a copy of the frozen primary's disk when stock is taken. Ask for the truth after the play. */
export function ledgerTruth(lab: Lab): { readonly probe: Probe; readonly truth: Promise<LedgerTruth> } {
  const { promise, resolve, reject } = Promise.withResolvers<LedgerTruth>();
  promise.catch(() => undefined); // Whoever asks for the truth hears of it.
  const probe: Probe = {
    role: "probe",
    name: "ledger-truth",
    start: async () => ({
      takeStock: () => readTruth(lab).then(resolve, reject),
      [Symbol.asyncDispose]: async () => reject(new Error("no stock was taken")),
    }),
  };
  return { probe, truth: promise };
}

async function readTruth({ context, environment }: Lab): Promise<LedgerTruth> {
  const { lost, survivor } = environment.regions;
  const aurora = join(context.directory, lost, "aurora");
  const kept = z.object({ volume: z.object({ directory: z.string() }) });
  const { volume } = kept.parse(JSON.parse(await readFile(join(aurora, "aurora.json"), "utf8")));
  const { host, port } = labAddresses(context.slot, context.config.regions).region(lost).database;
  const beside = { host: host.replace(/\d+$/, "66"), port };
  const copy = {
    binaries: await findPostgres(),
    dataDirectory: join(aurora, volume.directory),
    directory: join(context.directory, "disk-copy"),
    ...beside,
  };
  const login = loginOf(environment.database(lost));
  return {
    onDisk: await onDiskCopy(copy, () => markersIn({ ...login, ...beside }, lost)),
    inSurvivor: await markersIn(loginOf(environment.database(survivor)), lost),
  };
}

function loginOf(connection: string): Login {
  const { hostname, port, username, password, pathname } = new URL(connection);
  return { host: hostname, port: Number(port), user: username, password, database: pathname.slice(1) };
}

const markersIn = (login: Login, region: string): Promise<Markers> =>
  connected(login, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "select deployment || '/' || seq as name from gameday_ledger where region = $1",
      [region],
    );
    return new Set(rows.map(({ name }) => name));
  });

/** The checker's report held against the disk, marker by marker. */
export interface Comparison {
  readonly reported: number;
  /** Acknowledged, on the frozen primary's disk, and not in the survivor. */
  readonly truly: number;
  /** On that disk only, and never acknowledged: lost, but promised to nobody. */
  readonly unacknowledged: number;
  /** What does not fit, in words; empty when report and disk are equal. */
  readonly differences: readonly string[];
}

export function compare(history: History, verdicts: readonly Verdict[], truth: LedgerTruth): Comparison {
  const { lost: region } = regionsOf(history);
  const [heal] = [...history.pairs("fault", "heal")];
  const healedAt = heal?.invocation.time ?? Number.POSITIVE_INFINITY;
  const ends = new Map<string, Completion["type"] | "open">();
  for (const { invocation, completion } of history.pairs("probe", "append")) {
    const asked = marker.parse(invocation.value);
    // What the old primary takes when it is back from the fault is a question of its own.
    if (asked.region !== region || invocation.time >= healedAt) continue;
    ends.set(nameOf(asked), completion === undefined || completion.time >= healedAt ? "open" : completion.type);
  }
  const ended = (...types: string[]): Markers =>
    new Set([...ends].flatMap(([name, type]) => (types.includes(type) ? [name] : [])));
  const details = z.object({ lost: z.array(marker), counts: z.object({ lost: z.number() }) });
  const verdict = details.parse(verdicts.find(({ checker }) => checker === "rpo-database")?.details);
  const reported: Markers = new Set(verdict.lost.filter((one) => one.region === region).map(nameOf));

  const acked = ended("ok");
  const gone = truth.onDisk.difference(truth.inSurvivor);
  const truly = gone.intersection(acked);
  const unacknowledged = gone.difference(acked);
  const findings: readonly (readonly [string, Markers])[] = [
    ["reported lost, and not lost by the disk", reported.difference(truly)],
    ["lost by the disk, and not reported", truly.difference(reported)],
    ["acknowledged, and on no disk", acked.difference(truth.onDisk).difference(truth.inSurvivor)],
    ["on the disk only, and neither acknowledged nor in doubt", unacknowledged.difference(ended("info", "open"))],
    ["in the survivor, and not on the disk it was replicated from", truth.inSurvivor.difference(truth.onDisk)],
  ];
  return {
    reported: verdict.counts.lost,
    truly: truly.size,
    unacknowledged: unacknowledged.size,
    differences: findings.flatMap(([what, names]) =>
      names.size === 0 ? [] : [`${what}: ${[...names].slice(0, 10).join(", ")}${names.size > 10 ? ", …" : ""}`],
    ),
  };
}

const marker = z.object({ region: z.string(), deployment: z.string(), seq: z.number() });
const nameOf = ({ deployment, seq }: z.infer<typeof marker>): string => `${deployment}/${seq}`;

function regionsOf(history: History): { lost: string } {
  const [start] = [...history.pairs("run", "start")];
  return z.object({ regions: z.object({ lost: z.string() }) }).parse(start?.invocation.value).regions;
}
