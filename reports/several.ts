import type { History, Op, Reporter, Result } from "../harness/types.ts";

export interface NamedReporter {
  readonly name: string;
  readonly reporter: Reporter;
}

/** A reporter that threw, and why: it hears nothing more. */
export interface BrokenReporter {
  readonly name: string;
  readonly error: unknown;
}

export interface Several extends Reporter {
  onOp(op: Op): void;
  /** In the order given, one after the other; a broken one is told to `onBroken` and the others still run. Never rejects. */
  onEnd(result: Result, history: History): Promise<void>;
  readonly broken: readonly BrokenReporter[];
}

/** Several reporters as one, each behind a wall of its own: one that throws is marked and left out, and the run does not notice. */
export function several(reporters: readonly NamedReporter[], onBroken: (broken: BrokenReporter) => void): Several {
  const broken: BrokenReporter[] = [];
  const mark = (name: string, error: unknown): void => {
    broken.push({ name, error });
    onBroken({ name, error });
  };
  const listening = new Set(reporters.filter(({ reporter }) => reporter.onOp !== undefined));
  return {
    broken,
    onOp(op) {
      for (const one of listening) {
        try {
          one.reporter.onOp?.(op);
        } catch (error) {
          listening.delete(one);
          mark(one.name, error);
        }
      }
    },
    async onEnd(result, history) {
      for (const { name, reporter } of reporters) {
        if (broken.some((one) => one.name === name)) continue;
        try {
          await reporter.onEnd?.(result, history);
        } catch (error) {
          mark(name, error);
        }
      }
    },
  };
}
