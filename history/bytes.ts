import { closeSync, openSync, readSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { UsageError } from "../harness/errors.ts";

/** The bytes of a file, which need not fit in memory. */
export interface FileBytes {
  readonly size: number;
  /** All of them, or those between two places, in order, in blocks. A block is overwritten by the next one. */
  blocks(from?: number, to?: number): AsyncGenerator<{ readonly at: number; readonly block: Buffer }>;
  /** The text between two places. */
  text(from: number, to: number): string;
  /** The same, for who goes through the file: what stands near the last few of them is at hand. */
  nearText(from: number, to: number): string;
}

const blockBytes = 1 << 20;
const windowBytes = 1 << 18;
const windowsKept = 16;

/** Throws `UsageError` when the file cannot be read. Between two readings it is not open. */
export async function bytesOf(file: string): Promise<FileBytes> {
  const { size } = await stat(file).catch((cause) => unreadable(file, cause));
  const read = (from: number, into: Buffer): number => {
    const fd = openSync(file, "r");
    try {
      return readSync(fd, into, 0, into.length, from);
    } finally {
      closeSync(fd);
    }
  };
  const text = (from: number, to: number): string => {
    const buffer = Buffer.allocUnsafe(to - from);
    return buffer.toString("utf8", 0, read(from, buffer));
  };

  /** Parts of the file in memory, by their number. Each buffer serves again and again. */
  const windows = new Map<number, Buffer>();
  const spare = (): Buffer => {
    const [oldest] = windows;
    if (oldest === undefined || windows.size < windowsKept) return Buffer.allocUnsafeSlow(windowBytes);
    windows.delete(oldest[0]);
    return oldest[1];
  };
  const readWindow = (number: number): Buffer => {
    const window = spare();
    read(number * windowBytes, window);
    windows.set(number, window);
    return window;
  };
  let current: Buffer | undefined;
  let currentNumber = -1;
  return {
    size,
    async *blocks(from = 0, to = Number.POSITIVE_INFINITY) {
      await using handle = await open(file).catch((cause) => unreadable(file, cause));
      const buffer = Buffer.allocUnsafeSlow(blockBytes);
      for (let at = from; at < to; ) {
        const wanted = Math.min(blockBytes, to - at);
        const { bytesRead } = await handle.read(buffer, 0, wanted, at).catch((cause) => unreadable(file, cause));
        if (bytesRead === 0) return;
        yield { at, block: buffer.subarray(0, bytesRead) };
        at += bytesRead;
      }
    },
    text,
    nearText(from, to) {
      const number = Math.floor(from / windowBytes);
      const start = number * windowBytes;
      if (to > start + windowBytes) return text(from, to);
      if (number !== currentNumber || current === undefined) {
        current = windows.get(number) ?? readWindow(number);
        currentNumber = number;
      }
      return current.toString("utf8", from - start, to - start);
    },
  };
}

function unreadable(file: string, cause: unknown): never {
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new UsageError(`the history ${file} cannot be read: ${why}`, {
    hint: "give the directory of an earlier run",
    cause,
  });
}
