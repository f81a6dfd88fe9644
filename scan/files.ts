import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { UsageError } from "../harness/errors.ts";
import type { ScanConfig } from "./config.ts";
import { isAmong } from "./path.ts";
import type { Scan, Source } from "./types.ts";

/** Folders that hold other people's files, or none that run. */
const strangers = new Set(["node_modules", ".git"]);
/** A text of the failover path that is larger than this would be a surprise. */
const largestBytes = 2 ** 20;

/** Left out wherever they are: the configuration adds its own. */
const usual: readonly { readonly files: RegExp; readonly reason: string }[] = [
  { files: /\.(?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)__tests__\//, reason: "tests" },
  { files: /\.(?:md|mdx|rst|adoc)$/i, reason: "documentation" },
  {
    files: /(?:^|\/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|gameday\.scan\.json)$/,
    reason: "lists of packages, and the scan's own configuration",
  },
];

export interface Collected {
  readonly sources: readonly Source[];
  readonly leftOut: Scan["leftOut"];
}

/** Reads the files under the paths. Throws `UsageError` for a path that is not there. */
export async function collect(root: string, paths: readonly string[], config: ScanConfig): Promise<Collected> {
  const leftOut = new Map<string, number>();
  const files = new Set<string>();
  for (const path of paths) for await (const file of filesUnder(resolve(root, path), path)) files.add(file);
  const sources: Source[] = [];
  for (const file of [...files].sort()) {
    const path = relative(root, file).split(sep).join("/");
    const reason =
      config.leaveOut.find(({ files: globs }) => isAmong(path, globs))?.reason ??
      usual.find(({ files: names }) => names.test(path))?.reason;
    const text = reason === undefined ? await textOf(file) : { reason };
    if (typeof text === "string") sources.push({ path, text });
    else leftOut.set(text.reason, (leftOut.get(text.reason) ?? 0) + 1);
  }
  return { sources, leftOut: [...leftOut].map(([reason, count]) => ({ reason, files: count })) };
}

async function* filesUnder(path: string, asGiven: string): AsyncGenerator<string> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new UsageError(`there is nothing to scan at ${asGiven}`, {
      hint: "paths are files or folders, from the current directory",
      cause,
    });
  });
  if (found.isFile()) yield path;
  if (!found.isDirectory()) return;
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (strangers.has(entry.name)) continue;
    if (entry.isDirectory()) yield* filesUnder(join(path, entry.name), asGiven);
    else if (entry.isFile()) yield join(path, entry.name);
  }
}

async function textOf(file: string): Promise<string | { readonly reason: string }> {
  const { size } = await stat(file);
  if (size > largestBytes) return { reason: "too large, over 1 MiB" };
  const text = await readFile(file, "utf8");
  return text.includes("\0") || text.includes("\uFFFD") ? { reason: "binary" } : text;
}
