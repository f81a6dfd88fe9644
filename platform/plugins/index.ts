import { binPackScheduler } from "./bin-pack-scheduler/plugin.ts";
import { karpenter } from "./karpenter/plugin.ts";
import type { Plugin } from "./plugin.ts";
import { reconciler } from "./reconciler.ts";

/** All plugins; those that the others' pods need to find a node come first. */
export const plugins: readonly Plugin[] = [binPackScheduler, karpenter, reconciler];
