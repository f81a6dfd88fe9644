import { closeSync, openSync, writeSync } from "node:fs";
import type { Line } from "./lines.ts";

/** Lines of one process, gathered for a moment and appended to its file. It never throws: what cannot be written is dropped. */
export interface LineFile extends Disposable {
  write(line: Line): void;
  flush(): void;
}

const flushAfterMs = 200;
const flushAtCharacters = 64 * 1024;

/** Throws the system's error when the file cannot be made. When it has grown to `bytesAtMost`, nothing more is written. */
export function openLineFile(path: string, bytesAtMost = 64 * 2 ** 20): LineFile {
  const fd = openSync(path, "a");
  let waiting = "";
  let written = 0;
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === "") return;
    const text = waiting;
    waiting = "";
    try {
      writeSync(fd, text);
    } catch {
      // The disk is full, or the directory is gone: the program that is watched must not hear of it.
      written = bytesAtMost;
    }
  };
  return {
    write(line) {
      if (written >= bytesAtMost) return;
      const text = `${JSON.stringify(line)}\n`;
      written += text.length;
      waiting += text;
      if (waiting.length >= flushAtCharacters) flush();
      else timer ??= setTimeout(flush, flushAfterMs).unref();
    },
    flush,
    [Symbol.dispose]() {
      flush();
      written = bytesAtMost;
      closeSync(fd);
    },
  };
}
