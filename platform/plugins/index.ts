import { airflowController } from "./airflow-controller/plugin.ts";
import { binPackScheduler } from "./bin-pack-scheduler/plugin.ts";
import { certManager } from "./cert-manager/plugin.ts";
import { egress } from "./egress/plugin.ts";
import { iamController } from "./iam-controller/plugin.ts";
import { karpenter } from "./karpenter/plugin.ts";
import { observability } from "./observability/plugin.ts";
import type { Plugin } from "./plugin.ts";
import { reconciler } from "./reconciler.ts";

/** All plugins; those that a deployment's pod waits for come first. */
export const plugins: readonly Plugin[] = [
  binPackScheduler,
  karpenter,
  iamController,
  reconciler,
  observability,
  egress,
  certManager,
  airflowController,
];
