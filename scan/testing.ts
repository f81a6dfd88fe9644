import { scanConfig } from "./config.ts";
import { scan } from "./scan.ts";
import type { Finding, Scan } from "./types.ts";

export interface Asked {
  readonly regions?: readonly string[];
  /** As `gameday.scan.json` would have it. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Scans texts by their paths. */
export const scanOf = (
  texts: Readonly<Record<string, string>>,
  { regions = ["us-east-2"], config = {} }: Asked = {},
): Scan =>
  scan(
    Object.entries(texts).map(([path, text]) => ({ path, text })),
    { regions, config: scanConfig.parse(config) },
  );

/** `rule line:column text`, the way a person would point at it. */
export const pointed = ({ rule, line, column, text }: Finding): string => `${rule} ${line}:${column} ${text}`;

export const findingsIn = (path: string, text: string, asked?: Asked): string[] =>
  scanOf({ [path]: text }, asked).findings.map(pointed);
