const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const bitsOf = new Map([...digits].map((digit, value) => [digit, value]));

/** What is used of a source map (ECMA-426, source map format, version 3). */
export interface SourceMap {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/**
 * A bundle's source map without the code of packages: where that stands, nothing is mapped. A hundredth of the whole, and it tells the lines that
 * somebody here can change.
 */
export function ownMap({ sources, mappings }: SourceMap): string {
  const own = sources.map((source) => !source.includes("node_modules/"));
  const kept = sources.flatMap((source, n) => (own[n] ? [{ source, n }] : []));
  const numbers = new Map(kept.map(({ n }, number) => [n, number]));
  /** Running totals, as both maps count from the segment before. */
  let [source, line, column] = [0, 0, 0];
  let [lastSource, lastLine, lastColumn] = [0, 0, 0];
  let isOwn = false;
  const shortened = mappings.split(";").map((group) => {
    let [generated, lastGenerated] = [0, 0];
    const segments: string[] = [];
    for (const segment of group === "" ? [] : group.split(",")) {
      const [ahead = 0, ...origin] = decode(segment);
      generated += ahead;
      source += origin[0] ?? 0;
      line += origin[1] ?? 0;
      column += origin[2] ?? 0;
      const number = origin.length === 0 ? undefined : numbers.get(source);
      if (number !== undefined) {
        segments.push(encode([generated - lastGenerated, number - lastSource, line - lastLine, column - lastColumn]));
        [lastGenerated, lastSource, lastLine, lastColumn] = [generated, number, line, column];
      } else if (isOwn) {
        segments.push(encode([generated - lastGenerated]));
        lastGenerated = generated;
      }
      isOwn = number !== undefined;
    }
    return segments.join(",");
  });
  return JSON.stringify({
    version: 3,
    sources: kept.map((one) => one.source),
    names: [],
    // Node reads a last segment that maps nothing only when something ends it.
    mappings: `${shortened.join(";")};`,
  });
}

/** Numbers in base 64, five bits in each digit, the lowest first, the sign in the lowest bit of all. */
function decode(text: string): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const digit of text) {
    const bits = bitsOf.get(digit) ?? 0;
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >>> 1) : value >>> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

function encode(numbers: readonly number[]): string {
  let text = "";
  for (const number of numbers) {
    let rest = number < 0 ? (-number << 1) | 1 : number << 1;
    do {
      const bits = rest & 31;
      rest >>>= 5;
      text += digits[rest > 0 ? bits | 32 : bits];
    } while (rest > 0);
  }
  return text;
}
