import { writeSync } from "node:fs";

/** Writes all of a text to a file: one `write` may take only a part of it. */
export function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}
