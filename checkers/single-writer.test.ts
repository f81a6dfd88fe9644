import { expect, test } from "vitest";
import { type Did, did, fail, info, literal, ok } from "../history/literal.ts";
import { day, look, lostAt10s, marker } from "./literal-day.ts";
import { singleWriter } from "./single-writer.ts";

const check = (...listed: (Did | readonly Did[])[]) => singleWriter.check(literal(...listed), day);

const acked = (region: string, epoch: number, seq: number, atMs: number): Did =>
  marker(region, seq, atMs, ok({ epoch }));
const refused = (region: string, seq: number, atMs: number): Did =>
  marker(region, seq, atMs, fail("57P03", { answered: true }));
const silent = (region: string, seq: number, atMs: number): Did =>
  marker(region, seq, atMs, fail("timeout exceeded when trying to connect", { answered: false }));
const writerSeen = (region: string, atMs: number, done: boolean): Did =>
  did("probe/witness look", [atMs, atMs + 5], { stage: "writer", region }, ok({ done, state: String(done) }));
const found = (region: string, seqs: readonly number[], snapshot?: string): Did =>
  did(
    "probe/ledger find",
    [40_000, 40_100],
    { writer: "lost", epoch: 1, region, ...(snapshot && { snapshot }) },
    ok({ markers: seqs.map((seq) => ["dep-01", seq]) }),
  );

const takenOver = [
  acked("lost", 1, 1, 9_000),
  lostAt10s(),
  silent("lost", 2, 12_000),
  refused("survivor", 1, 12_100),
  acked("survivor", 2, 10, 20_000),
].flat();

test("passes a writer that was tried after another one had taken over, and refused", () => {
  expect(check(takenOver, silent("lost", 21, 21_000), refused("lost", 31, 31_000))).toMatchObject({
    kind: "invariant",
    outcome: "pass",
    because: "since survivor took over, lost has acknowledged nothing: it refused 1 of 2 tries",
    measured: { low: 0, limit: 0 },
  });
});

test("fails an old writer that acknowledges again, and says which writes and where they are", () => {
  const back = [acked("lost", 1, 31, 30_200), acked("lost", 1, 33, 31_000), refused("lost", 40, 34_000)];
  const looked = [found("lost", []), found("survivor", []), found("lost", [31, 33], "rds:unplanned-1")];
  const verdict = check(takenOver, back, looked);
  expect(verdict).toMatchObject({
    outcome: "fail",
    because:
      "lost acknowledged 2 writes after survivor had taken over, 10.2 s to 11 s later (dep-01/31, dep-01/33); lost has none of them, survivor has none of them, the snapshot rds:unplanned-1 has all of them",
    measured: { low: 2 },
    details: { strays: [{ seq: 31, epoch: 1 }, { seq: 33 }] },
  });
  expect(check(takenOver, back).because).toContain("nobody looked where they are now");
});

test("an old writer that never answered is unknown: nothing was measured", () => {
  expect(check(takenOver, silent("lost", 21, 21_000), silent("lost", 31, 31_000))).toMatchObject({
    outcome: "unknown",
    because:
      "lost answered none of 2 tries after survivor had taken over, so nobody knows whether it would have acknowledged",
  });
  expect(check(takenOver).outcome).toBe("unknown");
});

test("so are markers without an epoch, and a day without any", () => {
  expect(check(marker("lost", 1, 9_000), refused("survivor", 1, 9_000)).outcome).toBe("unknown");
  expect(check(refused("lost", 1, 9_000)).outcome).toBe("unknown");
});

test("what was sent before the other one took over may be acknowledged after it: nobody can tell the order", () => {
  const underWay = did(
    "probe/ledger append",
    [19_900, 20_300],
    { region: "lost", deployment: "dep-01", seq: 19 },
    ok({ epoch: 1 }),
  );
  expect(check(takenOver, underWay, refused("lost", 31, 31_000)).outcome).toBe("pass");
});

test("a writer that was seen there has taken over, though nobody wrote to it yet", () => {
  const seen = [writerSeen("survivor", 17_000, false), writerSeen("survivor", 18_000, true)];
  const between = acked("lost", 1, 19, 19_000);
  expect(check(takenOver, between, refused("lost", 31, 31_000)).outcome).toBe("pass");
  expect(check(takenOver, seen, between, refused("lost", 31, 31_000)).outcome).toBe("fail");
  // What was a writer before this one began says nothing of its end.
  const before = [writerSeen("survivor", 8_000, true), writerSeen("survivor", 8_900, true)];
  expect(check(before, takenOver, between, refused("lost", 31, 31_000)).outcome).toBe("pass");
});

test("on the way back each side has its turn, and the one that was left is asked again", () => {
  const back = [refused("lost", 31, 31_000), acked("lost", 3, 50, 50_000)];
  expect(check(takenOver, back, refused("survivor", 51, 51_000)).outcome).toBe("pass");
  expect(check(takenOver, back, silent("survivor", 51, 51_000)).outcome).toBe("unknown");
  expect(check(takenOver, back, acked("survivor", 2, 51, 51_000))).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("survivor acknowledged 1 write after lost had taken over"),
  });
});

test("a copy that never heard of the last epoch counts it again: the later one is the newer", () => {
  const again = acked("lost", 2, 50, 50_000);
  expect(check(takenOver, refused("lost", 31, 31_000), again, acked("survivor", 2, 60, 60_000)).outcome).toBe("fail");
});

test("where one side alone ever wrote, the other must have refused", () => {
  const alone = [acked("lost", 1, 1, 9_000), marker("lost", 2, 9_500, info("no answer"))];
  expect(check(alone, refused("survivor", 1, 9_000))).toMatchObject({
    outcome: "pass",
    because: "survivor never acknowledged a write: it refused 1 of 1 try",
  });
  expect(check(alone, silent("survivor", 1, 9_000)).outcome).toBe("unknown");
  expect(check(alone, look("writer", 9_000, false)).outcome).toBe("unknown");
});
