import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Where in its program's own code something was attempted. */
export interface Place {
  /** `file:line`, below the root where it lies there. */
  readonly at?: string;
  /** Those that called it, the nearest first; a package's own lines when it acted by itself. */
  readonly through?: readonly string[];
}

const callersTold = 3;

/** Reads the frames that recorders write, with the source maps that lie beside bundles. Code of packages is nobody's own. */
export function readPlaces(root: string): (frames: readonly string[]) => Place {
  const maps = new Map<string, SourceMap | undefined>();
  const mapOf = (file: string): SourceMap | undefined => {
    if (!maps.has(file)) maps.set(file, existsSync(`${file}.map`) ? readMap(`${file}.map`) : undefined);
    return maps.get(file);
  };

  /** `file:line`, or undefined when it is a package's. */
  function read(frame: string): string | undefined {
    const [, url = "", line = "", column = ""] = /^(.*):(\d+):(\d+)$/.exec(frame) ?? [];
    if (url === "" || url.includes("/node_modules/")) return undefined;
    const file = url.startsWith("file:") ? fileURLToPath(url) : url;
    const map = mapOf(file);
    if (map === undefined) return `${shown(file)}:${line}${/\.m?js$/.test(file) ? `:${column}` : ""}`;
    const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
    // A map of one's own code alone does not know what is a package's.
    if (!("originalSource" in entry) || typeof entry.originalSource !== "string") return undefined;
    if (entry.originalSource.includes("node_modules/")) return undefined;
    const source = resolve(dirname(file), entry.originalSource);
    // Bundles are built elsewhere: their maps name files from the root of where that was.
    const name = source.startsWith(`${root}/`) ? shown(source) : entry.originalSource.replace(/^(\.\.\/)+/, "");
    return `${name}:${entry.originalLine + 1}`;
  }

  /** What lies outside the root is told by its last parts: where it lies on this machine says nothing elsewhere. */
  function shown(file: string): string {
    const below = relative(root, file);
    return below.startsWith("..") ? file.split("/").slice(-2).join("/") : below;
  }

  return (frames) => {
    const [at, ...callers] = frames.flatMap((frame) => read(frame) ?? []);
    if (at === undefined) {
      const packages = frames.flatMap((frame) => /node_modules\/.*(?=:\d+$)/.exec(frame) ?? []);
      return packages.length === 0 ? {} : { through: packages.slice(0, callersTold) };
    }
    return callers.length === 0 ? { at } : { at, through: callers.slice(0, callersTold) };
  };
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined; // The line of the bundle is better than nothing.
  }
}
