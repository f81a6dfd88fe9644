import type { Series } from "../../../checkers/availability.ts";
import type { Millis } from "../../../harness/types.ts";

export interface Segment {
  readonly state: "up" | "down" | "unknown";
  readonly from: Millis;
  readonly to: Millis;
}

const rank = { up: 0, unknown: 1, down: 2 } as const;

/**
 * What several series say together, as runs of one state: each sample holds from its intended time to the next one's. Together they are down
 * when one is down, and up only when all are.
 */
export function segments(series: readonly Series[], endsAt: Millis): Segment[] {
  const changes = series
    .flatMap(({ samples, everyMs }, n) => {
      const changes = [...samples].map(({ due, state }) => ({ at: due, n, state }));
      const last = changes.at(-1);
      return last === undefined ? [] : [...changes, { at: Math.min(last.at + everyMs, endsAt), n, state: undefined }];
    })
    .sort((a, b) => a.at - b.at);
  const current: (Segment["state"] | undefined)[] = series.map(() => undefined);
  const drawn: Segment[] = [];
  for (const [i, { at, n, state }] of changes.entries()) {
    current[n] = state;
    const to = changes[i + 1]?.at;
    const known = current.filter((one) => one !== undefined);
    if (to === undefined || to <= at || known.length === 0) continue;
    const worst = known.reduce((a, b) => (rank[a] >= rank[b] ? a : b));
    const last = drawn.at(-1);
    if (last?.state === worst && last.to === at) drawn[drawn.length - 1] = { ...last, to };
    else drawn.push({ state: worst, from: at, to });
  }
  return drawn;
}
