import { dirname, join, matchesGlob } from "node:path/posix";

/** Whether a path is among the files that globs mean; a folder means all that is in it. */
export const isAmong = (path: string, globs: readonly string[]): boolean =>
  globs.some((glob) => matchesGlob(path, glob) || matchesGlob(path, `${glob.replace(/\/$/, "")}/**`));

export interface Module {
  readonly path: string;
  readonly imports: readonly string[];
}

/**
 * The files of the failover path, each with the modules through which it is loaded, the entry first and itself last. It is known by
 * modules: one function of a module that is needed brings all of it.
 */
export function failoverPath(modules: readonly Module[], entries: readonly string[]): Map<string, readonly string[]> {
  const known = new Map(modules.map((one) => [one.path, one]));
  const chains = new Map<string, readonly string[]>();
  const waiting = modules.filter(({ path }) => isAmong(path, entries)).map(({ path }) => [path]);
  for (const chain of waiting) {
    const path = chain.at(-1) ?? "";
    if (chains.has(path)) continue;
    chains.set(path, chain);
    for (const wanted of known.get(path)?.imports ?? []) {
      const next = found(wanted, path, known);
      if (next !== undefined && !chains.has(next)) waiting.push([...chain, next]);
    }
  }
  return chains;
}

const endings = ["", ".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx", ".json", "/index.ts", "/index.js"];

/** The file that a relative import means; `./x.js` may be written for `./x.ts`. */
function found(wanted: string, from: string, known: ReadonlyMap<string, Module>): string | undefined {
  if (!wanted.startsWith(".")) return undefined;
  const base = join(dirname(from), wanted);
  const candidates = [...endings.map((ending) => base + ending), base.replace(/\.([cm]?)js(x?)$/, ".$1ts$2")];
  return candidates.find((path) => known.has(path));
}
