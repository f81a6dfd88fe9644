import type { Probe, Run } from "../harness/types.ts";

export interface Look {
  readonly f: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** What is seen now. The signal is aborted at the look's own deadline. */
  look(signal: AbortSignal): Promise<unknown>;
}

export interface SamplerPlan {
  readonly everyMs: number;
  readonly looks: readonly Look[];
  stop?(): void | Promise<void>;
}

/** A probe that takes the same few looks on an open schedule, each under its own deadline, until it is disposed. */
export function sampler(name: string, plan: (run: Run) => SamplerPlan | Promise<SamplerPlan>): Probe {
  return {
    role: "probe",
    name,
    async start(run) {
      const { everyMs, looks, stop } = await plan(run);
      const open = new Set<Promise<unknown>>();
      const begin = run.clock.now();
      const schedules = looks.map((one, n) =>
        run.clock.every(begin + Math.round((n / looks.length) * everyMs), everyMs, () => {
          const looking = run
            .record({ process: `probe/${name}`, f: one.f, value: one.value }, () =>
              one.look(AbortSignal.timeout(run.scenario.timing.probeWithinMs)),
            )
            .finally(() => open.delete(looking));
          open.add(looking);
        }),
      );
      return {
        async [Symbol.asyncDispose]() {
          for (const schedule of schedules) schedule[Symbol.dispose]();
          await Promise.all(open);
          await stop?.();
        },
      };
    },
  };
}
