import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { AttemptLine, BeatLine, HelloLine, Line, OpenLine, StackLine } from "./recorder/lines.ts";

const destination = {
  host: z.string().exactOptional(),
  address: z.string().exactOptional(),
  port: z.number().exactOptional(),
  service: z.string().exactOptional(),
  signedRegion: z.string().exactOptional(),
  operation: z.string().exactOptional(),
  attempt: z.number().exactOptional(),
  status: z.number().exactOptional(),
};
const common = {
  via: z.enum(["socket", "http", "dns", "sdk", "proxy"]),
  at: z.number().exactOptional(),
  within: z.string().exactOptional(),
  began: z.number(),
  ...destination,
};
const hello: z.ZodType<HelloLine> = z.object({
  hello: z.object({
    label: z.string(),
    pid: z.number(),
    machine: z.string(),
    monotonicMs: z.number(),
    wallMs: z.number(),
    sdk: z.enum(["loaded", "named", "signatures"]),
  }),
});
const stack: z.ZodType<StackLine> = z.object({ stack: z.number(), frames: z.array(z.string()) });
const beat: z.ZodType<BeatLine> = z.object({ beat: z.number(), seen: z.number(), dropped: z.number() });
const open: z.ZodType<OpenLine> = z.object({ open: z.number(), ...common });
const attempt: z.ZodType<AttemptLine> = z.object({
  id: z.number(),
  ...common,
  tookMs: z.number(),
  end: z.enum(["ok", "fail", "info"]),
  error: z.string().exactOptional(),
  count: z.number().exactOptional(),
});

/** Undefined: no line as a recorder writes them. */
function readLine(text: string): Line | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const shape =
    "tookMs" in parsed
      ? attempt
      : "beat" in parsed
        ? beat
        : "stack" in parsed
          ? stack
          : "open" in parsed
            ? open
            : hello;
  return shape.safeParse(parsed).data;
}

export interface Followed {
  /** The process that wrote it: one file, one process. */
  readonly file: string;
  /** Undefined: what stood there is no line of a recorder. */
  readonly line: Line | undefined;
}

/** The files of a directory while they grow. */
export interface Following extends Disposable {
  /** What has been added since the last call, in the order of each file. An unfinished line waits for its end. */
  more(): Followed[];
}

const bytesAtOnce = 256 * 1024;

export function follow(directory: string): Following {
  const files = new Map<string, { fd: number; rest: string; decoder: InstanceType<typeof TextDecoder> }>();
  const buffer = Buffer.alloc(bytesAtOnce);
  function* grown(name: string): Generator<string> {
    const known = files.get(name) ?? { fd: openSync(join(directory, name), "r"), rest: "", decoder: new TextDecoder() };
    files.set(name, known);
    for (let read = bytesAtOnce; read === bytesAtOnce; ) {
      read = readSync(known.fd, buffer, 0, bytesAtOnce, null);
      const lines = (known.rest + known.decoder.decode(buffer.subarray(0, read), { stream: true })).split("\n");
      known.rest = lines.pop() ?? "";
      yield* lines;
    }
  }
  return {
    more: () =>
      namesIn(directory).flatMap((file) =>
        [...grown(file)].filter((text) => text !== "").map((text) => ({ file, line: readLine(text) })),
      ),
    [Symbol.dispose]() {
      for (const { fd } of files.values()) closeSync(fd);
      files.clear();
    },
  };
}

/** The first process that is recorded makes the directory. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(".ndjson"));
  } catch {
    return [];
  }
}
