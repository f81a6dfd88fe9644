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
  /** With a run: what was seen of it there after the fault; null: nothing. */
  readonly seen?: Seen | null;
}

/** What a run's recorders saw, counted. */
export interface Seen {
  readonly by: readonly string[];
  readonly count: number;
  readonly unanswered: number;
  /** Steps of the failover that had to wait for it. */
  readonly heldUp: readonly string[];
  /** Indices of the history's ops. */
  readonly evidence: readonly number[];
}

/** Attempts of one process at one thing outside the survivor, from one line of code, after the fault. */
export interface Attempts extends Seen {
  /** `ssm:GetParameter`, or a host and port. */
  readonly what: string;
  readonly region: string;
  /** Why it counts as that region's. */
  readonly because: string;
  /** `file:line` of its own code and of those that called it; the innermost first. */
  readonly frames: readonly string[];
  readonly hosts: readonly string[];
  /** Only what is asked for can tell whether it needs that region. */
  readonly isPossible: boolean;
  /** Why the run expected it. */
  readonly allowed?: string;
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
  /** The run that the findings were compared with. */
  readonly run?: {
    readonly lost: string;
    /** Why what was not seen may have happened all the same; missing when every recorder was heard. */
    readonly trouble?: string;
    /** Attempts that no finding explains. */
    readonly unexplained: readonly Attempts[];
  };
}
