/** The nouns of the static scan: texts go in, findings come out. Nothing here reads a disk or a clock. */

/** A file to scan. */
export interface Source {
  /** From the root of the scan, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Stands in a literal's text for each character of what only the running program knows: `${region}` in a template. */
export const unknownText = "\uE000";

/** A piece of a file that is looked at: a string, a scalar, a line. `text` stands in the file as it is here, from `offset` on. */
export interface Literal {
  readonly text: string;
  readonly offset: number;
  /** What it is the value of, outermost first: `["spec", "image"]`, `["GetParameterCommand", "Name"]`. */
  readonly field: readonly string[];
  /** The object that it belongs to: `Deployment karpenter`, `resource Instance (AWS::RDS::DBInstance)`. */
  readonly subject?: string | undefined;
  /** A line of a file whose language is not read: a bare host may stand in it anywhere. */
  readonly isProse?: boolean;
}

/** An AWS operation that code or a script asks for, by the names of signatures and of the API: `route53 ChangeResourceRecordSets`. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly offset: number;
  readonly length: number;
}

export interface Comment {
  readonly text: string;
  readonly offset: number;
  readonly end: number;
}

/** What a reader makes of a file. */
export interface Contents {
  readonly literals: readonly Literal[];
  readonly calls: readonly Call[];
  readonly comments: readonly Comment[];
  /** Modules that it loads when it runs, as they are written. */
  readonly imports: readonly string[];
  /** The variant that a manifest says it is. */
  readonly variant?: string | undefined;
  /** Why the file was read as plain lines, when its own language would have been expected. */
  readonly trouble?: string;
}

/** A rule's hit within a literal's text. */
export interface Match {
  readonly start: number;
  readonly end: number;
  /** The region without which this does not work. */
  readonly region: string;
  /** One region serves it for all others: every scan looks for it, whichever region is asked about. */
  readonly isGlobal?: true;
  /** Whether it does so depends on what is asked for, which cannot be seen here. */
  readonly isPossible?: boolean;
  /** Goes on after what was found: "names the region us-east-2". */
  readonly says: string;
  readonly host?: string;
  readonly call?: { readonly service: string; readonly operation: string };
}

export interface Rule {
  readonly id: string;
  /** A noun phrase. */
  readonly title: string;
  readonly help: string;
  /** Where its facts come from. */
  readonly source: string;
  inText?(literal: Literal): readonly Match[];
  ofCall?(call: Call): Omit<Match, "start" | "end"> | undefined;
}

/** As SARIF has them: an error or a warning that is not allowed fails the scan. */
export type Level = "error" | "warning" | "note";

export interface Finding {
  readonly rule: string;
  readonly level: Level;
  readonly file: string;
  /** From 1; columns in UTF-16 code units. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** What stands there. */
  readonly text: string;
  /** A sentence. */
  readonly message: string;
  readonly region: string;
  readonly inFailoverPath: boolean;
  /** How the failover path comes to this file: modules, the entry first. */
  readonly chain?: readonly string[];
  readonly subject?: string;
  readonly host?: string;
  readonly call?: Match["call"];
  readonly allowed?: { readonly by: "comment" | "configuration"; readonly reason: string };
}

export interface Scan {
  /** The regions that were asked about; none: all. */
  readonly regions: readonly string[];
  readonly findings: readonly Finding[];
  /** What the reader of a result has to know: files that could not be read in their language, allowances that allow nothing. */
  readonly notices: readonly string[];
  readonly files: number;
  /** Left out, and why. */
  readonly leftOut: readonly { readonly reason: string; readonly files: number }[];
}
