import { DidNotHappen } from "../harness/errors.ts";
import type { Millis, Probe, Run, Started } from "../harness/types.ts";
import { codeOf } from "./http.ts";
import { servingRegion } from "./names.ts";

/** Something small with a name of its own, put once and never changed. */
export interface Item {
  readonly key: string;
  /** What its content is known by: `md5:…`, `sha256:…`. A reading may tell any of them. */
  readonly digests: readonly string[];
}

export interface StoreSeen {
  /** What is there whole, and the digest of its content; a key may come twice, with digests of two kinds. */
  readonly items: readonly (readonly [key: string, digest: string])[];
  /** What is there in part, and what is missing of it. */
  readonly partial: readonly (readonly [key: string, missing: string])[];
}

export interface DepositPlan<T extends Item> {
  /** One item in this time. */
  readonly everyMs: Millis;
  /** After this a put is in doubt. */
  readonly withinMs: Millis;
  /** Of so many acknowledged items one is removed again, this long after its turn. */
  readonly removal?: { readonly oneIn: number; readonly afterMs: Millis };
  make(seq: number): T;
  put(region: string, item: T, signal: AbortSignal): Promise<void>;
  remove?(region: string, key: string, signal: AbortSignal): Promise<void>;
  read(region: string, items: readonly T[], signal: AbortSignal): Promise<StoreSeen>;
  stop(): void;
}

/**
 * A ledger of things outside the database: one item after another goes on schedule to the region that the ingress name points to, as a
 * client would put it. `takeStock` reads what a region holds of them; the end reads both regions once more, so that what came late shows.
 */
export function deposits<T extends Item>(name: "objects" | "images", plan: (run: Run) => DepositPlan<T>): Probe {
  const self = `probe/${name}` as const;
  return {
    role: "probe",
    name,
    async start(run): Promise<Started> {
      const planned = plan(run);
      const { everyMs, withinMs, removal } = planned;
      const { lost, survivor } = run.environment.regions;
      const where = servingRegion(run);
      const items: T[] = [];
      const removals: { key: string; dueMs: Millis }[] = [];
      const open = new Set<Promise<unknown>>();
      const last = { seq: -1, trouble: `no ${name} were put yet` as string | undefined };

      const put = async (seq: number): Promise<void> => {
        const item = planned.make(seq);
        const region = await where().catch(() => undefined);
        if (region === undefined) {
          told(seq, `the ingress name points to no region, so no ${name} can be put`);
          return;
        }
        items.push(item);
        const { key, digests } = item;
        const done = await run.record({ process: self, f: "put", value: { region, key, digests } }, () =>
          planned.put(region, item, AbortSignal.timeout(withinMs)),
        );
        told(seq, done.type === "ok" ? undefined : `${region} takes no ${name}: ${done.error}`);
        if (done.type === "ok" && removal !== undefined && seq % removal.oneIn === 0)
          removals.push({ key, dueMs: run.clock.now() + removal.afterMs });
      };
      /** What was sent later counts, whichever answer comes first. */
      const told = (seq: number, trouble: string | undefined): void => {
        if (seq > last.seq) Object.assign(last, { seq, trouble });
      };
      const removeDue = async (): Promise<void> => {
        const [first] = removals;
        if (first === undefined || first.dueMs > run.clock.now()) return;
        removals.shift();
        const region = await where().catch(() => undefined);
        if (region === undefined) return;
        await run.record({ process: self, f: "remove", value: { region, key: first.key } }, async () =>
          planned.remove?.(region, first.key, AbortSignal.timeout(withinMs)),
        );
      };
      const read = async (region: string): Promise<void> => {
        const asked = [...items];
        await run.record({ process: self, f: "read", value: { region } }, () =>
          planned.read(region, asked, AbortSignal.timeout(10 * withinMs)).catch((error: unknown) => {
            throw new DidNotHappen(codeOf(error), undefined, { cause: error });
          }),
        );
      };

      let next = 0;
      const schedule = run.clock.every(run.clock.now(), everyMs, () => {
        const turn = Promise.all([put(next++), removeDue()]).finally(() => open.delete(turn));
        open.add(turn);
      });
      return {
        standing: () => last.trouble,
        takeStock: read,
        async [Symbol.asyncDispose]() {
          schedule[Symbol.dispose]();
          await Promise.all(open);
          if (!run.signal.aborted) await Promise.all([lost, survivor].map(read));
          planned.stop();
        },
      };
    },
  };
}
