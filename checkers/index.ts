import type { Checker } from "../harness/types.ts";
import { faultLanded } from "./fault-landed.ts";
import { generator } from "./generator.ts";
import { probes } from "./probes.ts";
import { rpoDatabase } from "./rpo-database.ts";
import { rto } from "./rto.ts";
import { stages } from "./stages.ts";
import { steadyState } from "./steady-state.ts";
import { tasksChecker } from "./tasks.ts";

/** What a regional failover is judged by: whether the run can be believed, then what it promised, then what explains it. */
export const checkers: readonly Checker[] = [
  steadyState,
  faultLanded(),
  probes(),
  generator(),
  rto,
  rpoDatabase,
  tasksChecker(),
  stages,
];
