import type { Millis } from "../harness/types.ts";
import { type Did, did, ok } from "../history/literal.ts";
import { task } from "./literal-day.ts";
import type { Goods } from "./vocabulary.ts";

/** For tests: something was put, known by the digest `md5:<key>`. */
export const put = (goods: Goods, region: string, key: string, atMs: Millis, end = ok({})): Did =>
  did(`probe/${goods} put`, [atMs, atMs + 5], { region, key, digests: [`md5:${key}`, `sha256:${key}`] }, end);

export const removed = (goods: Goods, region: string, key: string, atMs: Millis, end = ok({})): Did =>
  did(`probe/${goods} remove`, [atMs, atMs + 5], { region, key }, end);

type Told = readonly [key: string, digestOrWhatIsMissing: string];

/** A region's store holds these keys, each with the content that was put, and those of which something is missing. */
export const listed = (
  goods: Goods,
  region: string,
  atMs: Millis,
  keys: readonly string[],
  {
    items = [],
    partial = [],
    tookMs = 50,
  }: { items?: readonly Told[]; partial?: readonly Told[]; tookMs?: Millis } = {},
): Did =>
  did(
    `probe/${goods} read`,
    [atMs, atMs + tookMs],
    { region },
    ok({ items: [...keys.map((key) => [key, `md5:${key}`]), ...items], partial }),
  );

/** A task of dep-01 that was worked on between two times. */
export const attempt = (id: string, beganMs: Millis, endedMs: Millis): Did[] => [
  task("start", id, beganMs),
  task("finish", id, endedMs),
];

export const logsRead = (atMs: Millis, absent: readonly string[], named = 10): Did =>
  did(
    "probe/tasks logs",
    [atMs, atMs + 50],
    { region: "survivor" },
    ok({ named, absent: absent.map((id) => ({ deployment: "dep-01", id, try: 1, key: `dep-01/${id}.log` })) }),
  );
