import type { CheckContext, History, Millis } from "../harness/types.ts";
import { downs, seriesOf } from "./availability.ts";

export interface Fallen {
  readonly name: string;
  readonly evidence: readonly number[];
}

/** Deployments that certainly went down in a time, as fresh clients saw them, each once: a call that failed only after its end may be the doing of what came next. */
export function fallenBetween(
  history: History,
  low: Millis,
  high: Millis,
  { timing }: Pick<CheckContext, "timing">,
): Fallen[] {
  const found = seriesOf(history, timing)
    .filter(({ client }) => client === "fresh")
    .flatMap(({ deployment, samples }) =>
      downs(samples, timing, "up")
        .filter(({ at, from }) => at >= low && from.high <= high)
        .map(({ evidence }) => ({ name: deployment, evidence })),
    );
  return [...new Map(found.map((one) => [one.name, one])).values()];
}
