import { expect, test } from "vitest";
import type { Series } from "../../../checkers/availability.ts";
import { segments } from "./strip.ts";

/** `+` up, `-` down, `?` unknown, one sample a second from `from` on. */
function series(signs: string, from = 0): Series {
  const state = { "+": "up", "-": "down", "?": "unknown" } as const;
  return {
    deployment: "dep-01",
    kind: "shallow",
    client: "fresh",
    everyMs: 1_000,
    samples: [...signs].map((sign, n) => {
      const due = from + n * 1_000;
      return { due, began: due, ended: due + 10, state: state[sign as keyof typeof state] };
    }),
  };
}

test("equal samples are one segment, and each holds until the next", () => {
  expect(segments([series("++--?+")], 10_000)).toEqual([
    { state: "up", from: 0, to: 2_000 },
    { state: "down", from: 2_000, to: 4_000 },
    { state: "unknown", from: 4_000, to: 5_000 },
    { state: "up", from: 5_000, to: 6_000 },
  ]);
});

test("two looks together are down when one is, and up only when both are", () => {
  expect(segments([series("+-+"), series("++?", 500)], 10_000)).toEqual([
    { state: "up", from: 0, to: 1_000 },
    { state: "down", from: 1_000, to: 2_000 },
    { state: "up", from: 2_000, to: 2_500 },
    { state: "unknown", from: 2_500, to: 3_500 },
  ]);
});

test("the last sample does not reach beyond the run", () => {
  expect(segments([series("+")], 600)).toEqual([{ state: "up", from: 0, to: 600 }]);
});
