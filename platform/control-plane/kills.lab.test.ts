import { expect, it } from "vitest";
import { playCycle } from "../../fixtures/lab/killed-cycle.ts";

it("comes to the same end, no effect twice, wherever the control plane is killed on the way there and back", async () => {
  const undisturbed = await playCycle([]);
  const points = Array.from({ length: undisturbed.effects }, (_, n) => ({
    effect: n + 1,
    asked: n % 3,
    carriedOut: n % 2 === 0,
  }));
  const inflating = [{ inflating: "failover" }, { inflating: "failback" }] as const;
  const { kills, state } = await playCycle([...points, ...inflating]);
  expect(kills).toBe(points.length + inflating.length);
  expect(state).toEqual(undisturbed.state);
});
