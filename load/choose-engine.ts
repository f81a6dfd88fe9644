import { EnvironmentTrouble } from "../harness/errors.ts";
import { builtinEngine } from "./builtin-engine.ts";
import type { LoadEngine } from "./engine.ts";
import { findK6 } from "./find-k6.ts";
import { k6Engine } from "./k6-engine.ts";

export type EngineChoice = "auto" | "k6" | "builtin";
export interface ChosenEngine {
  readonly engine: LoadEngine;
  /** Why this one, for the report. */
  readonly because: string;
}

/** `auto` takes k6 where it can be had, and says so when it cannot. */
export async function chooseEngine(choice: EngineChoice, signal?: AbortSignal): Promise<ChosenEngine> {
  if (choice === "builtin") return { engine: builtinEngine(), because: "it was asked for" };
  const found = await findK6(signal === undefined ? {} : { signal });
  if ("file" in found) return { engine: k6Engine(found), because: found.where };
  if (choice === "k6") throw new EnvironmentTrouble(`no k6 here: ${found.missing}`, { hint: found.hint });
  return { engine: builtinEngine(), because: `no k6 here: ${found.missing}` };
}
