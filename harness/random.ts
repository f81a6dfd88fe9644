import { createHash, randomBytes } from "node:crypto";
import type { Random } from "./types.ts";

/** Seeded dice (sfc32 over a hash of the seed): the same seed gives the same stream everywhere. */
export function seededRandom(seed: string): Random {
  const words = createHash("sha256").update(seed).digest();
  let a = words.readInt32LE(0);
  let b = words.readInt32LE(4);
  let c = words.readInt32LE(8);
  let d = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) next();
  return { seed, next, fork: (name) => seededRandom(`${seed}/${name}`) };
}

/** A seed for a run that was given none: short enough to type again. */
export const freshSeed = (): string => randomBytes(4).toString("hex");
