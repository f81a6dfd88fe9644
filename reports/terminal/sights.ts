import { field, listOf, numberOf, textOf } from "../values.ts";

/** How many deployments answered both kinds of look when they were looked at last. */
export interface DeploymentsSeen {
  readonly up: number;
  readonly down: number;
  readonly all: number;
}

/** What fresh clients met last at each deployment. A look that says nothing leaves what was known. */
export function deploymentSights() {
  const good = new Map<string, boolean>();
  let names: readonly string[] = [];
  const of = (name: string): (boolean | undefined)[] => [good.get(`${name} shallow`), good.get(`${name} deep`)];
  return {
    expect(all: readonly string[]): void {
      names = all;
    },
    /** Whether the look told anything. */
    see(asked: unknown, type: "ok" | "fail" | "info"): boolean {
      if (textOf(asked, "client") !== "fresh" || type === "info") return false;
      good.set(`${textOf(asked, "deployment")} ${textOf(asked, "kind")}`, type === "ok");
      return true;
    },
    get seen(): DeploymentsSeen {
      return {
        up: names.filter((name) => of(name).every((one) => one === true)).length,
        down: names.filter((name) => of(name).some((one) => one === false)).length,
        all: names.length,
      };
    },
  };
}

/** Tasks as the load counted them in its last second. */
export interface TasksSeen {
  readonly alive: number;
  /** As many as there ever were. */
  readonly due: number;
  /** Of the heartbeats of that second, the share that got an answer. A task lives for a while without one. */
  readonly answered: number | undefined;
}

export function tasksSeen(tally: unknown, before: TasksSeen | undefined): TasksSeen | undefined {
  const alive = numberOf(tally, "alive");
  if (alive === undefined) return before;
  const [sent, ok] = [numberOf(tally, "sent"), numberOf(tally, "ok")];
  const answered = sent === undefined || sent === 0 || ok === undefined ? undefined : ok / sent;
  return { alive, due: Math.max(alive, before?.due ?? 0), answered };
}

/** What was last said of protection: by the platform, or by RDS where the platform makes no claim. */
export function protectionSeen(sample: unknown): string | undefined {
  const claim = field(sample, "claim");
  const state = textOf(claim, "state");
  const because = textOf(claim, "because");
  if (state !== undefined) return because ? `${state}: ${because}` : state;
  const witness = field(sample, "witness");
  if (witness === undefined) return undefined;
  const isConnected = listOf(witness, "members").some((one) => textOf(one, "state") === "connected");
  return isConnected ? "RDS shows a connected secondary" : "RDS shows no connected secondary";
}
