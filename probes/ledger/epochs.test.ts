import { expect, it } from "vitest";
import { keepEpochs } from "./epochs.ts";

const acked = (region: string, epoch: number, seq: number, sentAt: number) => ({
  region,
  deployment: "dep-01",
  epoch,
  seq,
  sentAt,
  ackedAt: sentAt + 10,
});

it("contests what an old epoch took after a newer one had begun, and nothing that was under way then", () => {
  const epochs = keepEpochs();
  epochs.acked(acked("lost", 1, 1, 100));
  epochs.acked(acked("survivor", 2, 7, 200));
  epochs.acked(acked("lost", 1, 8, 205));
  expect(epochs.contested()).toEqual([]);
  epochs.acked(acked("lost", 1, 12, 300));
  epochs.acked(acked("lost", 1, 10, 290));
  epochs.acked(acked("survivor", 2, 13, 300));
  expect(epochs.contested()).toEqual([{ region: "lost", epoch: 1, from: 10, to: 12 }]);
});
