import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { FileBytes } from "./bytes.ts";
import { bodyEnd, hashAt, linkCheck } from "./chain.ts";
import { cutter } from "./cutter.ts";

/** Whole lines of a file. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** The hash of the line before; empty at the beginning of the file, undefined when that line has none. */
  readonly previous: string | undefined;
}

/** What lines say of their chain. Places are where lines begin. */
export interface Links {
  /** The first line with a hash, and the first one without. */
  readonly firstWith?: number;
  readonly firstWithout?: number;
  /** The first line whose hash is not that of its text and of the line before. */
  readonly broken?: number;
  /** Of the last line. */
  readonly hash: string | undefined;
}

/** Checks the chain of a stretch. */
export async function linksOf(bytes: FileBytes, { from, to, previous }: Stretch): Promise<Links> {
  const isNext = linkCheck();
  const found: { firstWith?: number; firstWithout?: number; broken?: number } = {};
  let hash = previous;
  const lines = cutter((line, start, end, at) => {
    const body = bodyEnd(line, start, end);
    if (body === undefined) {
      found.firstWithout ??= at;
      hash = undefined;
      return;
    }
    found.firstWith ??= at;
    if (hash !== undefined && !isNext(hash, line, start, body)) found.broken ??= at;
    hash = hashAt(line, body);
  });
  for await (const { block, at } of bytes.blocks(from, to)) {
    lines.cut(block, at);
    if (found.broken !== undefined) break;
  }
  return { ...found, hash };
}

/** The same for a whole file, in threads of their own: hashing takes longer than all other reading, and needs only the line before. */
export async function linksApart(file: string, bytes: FileBytes): Promise<Links> {
  const stretches = await stretchesOf(bytes, Math.min(4, availableParallelism()));
  const all = await Promise.all(stretches.map((stretch) => inThread(file, stretch)));
  const first = (key: "firstWith" | "firstWithout" | "broken"): { [K in typeof key]?: number } => {
    const places = all.flatMap((links) => links[key] ?? []);
    return places.length === 0 ? {} : { [key]: Math.min(...places) };
  };
  return { ...first("firstWith"), ...first("firstWithout"), ...first("broken"), hash: all.at(-1)?.hash };
}

export interface LinksTask {
  readonly file: string;
  readonly stretch: Stretch;
}

function inThread(file: string, stretch: Stretch): Promise<Links> {
  const task: LinksTask = { file, stretch };
  const { promise, resolve, reject } = Promise.withResolvers<Links>();
  const worker = new Worker(new URL("./links-worker.ts", import.meta.url), { workerData: task });
  worker.once("message", resolve).once("error", reject);
  return promise;
}

async function stretchesOf(bytes: FileBytes, howMany: number): Promise<Stretch[]> {
  const cuts: { at: number; previous: string | undefined }[] = [{ at: 0, previous: "" }];
  for (let n = 1; n < howMany; n++) {
    const cut = await lineAfter(bytes, Math.floor((n * bytes.size) / howMany));
    if (cut.at > (cuts.at(-1)?.at ?? 0) && cut.at < bytes.size) cuts.push(cut);
  }
  return cuts.map(({ at, previous }, n) => ({ from: at, to: cuts[n + 1]?.at ?? bytes.size, previous }));
}

/** Where the first line begins that begins after the one at a place, and the hash of the line before it. */
async function lineAfter(bytes: FileBytes, place: number): Promise<{ at: number; previous: string | undefined }> {
  let cut = { at: bytes.size, previous: undefined as string | undefined };
  let lines = 0;
  const found = cutter((line, from, to, at) => {
    // The first one may have begun before the place.
    if (++lines !== 2) return;
    const body = bodyEnd(line, from, to);
    cut = { at: at + to - from + 1, previous: body === undefined ? undefined : hashAt(line, body) };
  });
  for await (const { block, at } of bytes.blocks(place)) {
    found.cut(block, at);
    if (lines > 1) break;
  }
  return cut;
}
