import { findSourceMap } from "node:module";

/**
 * Most of what a recorder costs is looking at frames, so the many are looked at only where none of the few is the program's. The few reach from a
 * connection through Node's HTTP client to its caller and that one's.
 */
const [fewFrames, manyFrames] = [10, 48];
const framesKept = 12;
/** Where the recorder's own calls come from. */
const ownFiles = /\/probes\/egress\/recorder\/(attempts|frames|lookups|quietly|recorder|requests|sdk|sockets)\.ts$/;

/**
 * The frames of the stack beyond the call of `above` that may be the program's own, the innermost first, as `file:line:column` joined by line
 * feeds; nothing of Node, of packages or of the recorder. What was awaited counts as calling. Where there is none, a package acted by itself,
 * and its own frames are told. A bundle's packages cannot be told from its program here.
 */
export function ownFrames(above: unknown): string {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.prepareStackTrace = ownOnly;
    const own = framesOf(fewFrames, above) || framesOf(manyFrames, above);
    if (own !== "") return own;
    Error.prepareStackTrace = packagesToo;
    return framesOf(fewFrames, above);
  } catch {
    return ""; // Somebody has frozen the Error object.
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    // Assigning undefined is not the same as there being none, but reads alike.
    if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Error.prepareStackTrace = prepareStackTrace;
  }
}

function framesOf(limit: number, above: unknown): string {
  const holder: { stack?: unknown } = {};
  Error.stackTraceLimit = limit;
  Error.captureStackTrace(holder, typeof above === "function" ? (above as () => void) : ownFrames);
  // It is made when it is first read.
  return typeof holder.stack === "string" ? holder.stack : "";
}

type Format = (error: unknown, sites: readonly NodeJS.CallSite[]) => string;
const ownOnly: Format = (_, sites) => framesIn(sites, false);
const packagesToo: Format = (_, sites) => framesIn(sites, true);

function framesIn(sites: readonly NodeJS.CallSite[], packages: boolean): string {
  let frames = "";
  let kept = 0;
  for (const site of sites) {
    const file = site.getFileName();
    if (!file || file.startsWith("node:") || (!packages && file.includes("/node_modules/")) || ownFiles.test(file))
      continue;
    frames += `${kept > 0 ? "\n" : ""}${file}:${site.getLineNumber()}:${site.getColumnNumber()}`;
    kept += 1;
    if (kept === framesKept) break;
  }
  return frames;
}

/** The same frames as their source maps tell them, where this process has loaded these. */
export const mapped = (frames: string): string[] => (frames === "" ? [] : frames.split("\n").map(mappedFrame));

function mappedFrame(frame: string): string {
  const [, file = "", line = "", column = ""] = /^(.*):(\d+):(\d+)$/.exec(frame) ?? [];
  const entry = findSourceMap(file)?.findEntry(Number(line) - 1, Number(column) - 1);
  return entry !== undefined && "originalSource" in entry && typeof entry.originalSource === "string"
    ? `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
    : frame;
}
