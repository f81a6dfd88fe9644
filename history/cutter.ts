/** Cuts blocks of bytes into lines. A line that stands in several blocks is put together. */
export function cutter(onLine: (bytes: Buffer, from: number, to: number, start: number) => void) {
  let pieces: Buffer[] = [];
  let begun = 0;
  return {
    /** Tells of each line that ends in the block: where its text lies, without the line feed, and where the line begins in the file. */
    cut(block: Buffer, at: number): void {
      let from = 0;
      for (let to = block.indexOf(lineFeed); to >= 0; to = block.indexOf(lineFeed, from)) {
        if (pieces.length === 0) onLine(block, from, to, at + from);
        else {
          const line = Buffer.concat([...pieces, block.subarray(0, to)]);
          pieces = [];
          onLine(line, 0, line.length, begun);
        }
        from = to + 1;
      }
      if (from === block.length) return;
      if (pieces.length === 0) begun = at + from;
      // The block will be overwritten.
      pieces.push(Buffer.from(block.subarray(from)));
    },
    /** What stands after the last line feed. */
    rest: (): string | undefined => (pieces.length === 0 ? undefined : Buffer.concat(pieces).toString()),
  };
}

const lineFeed = 10;
