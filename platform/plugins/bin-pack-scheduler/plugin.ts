import { definePlugin } from "../plugin.ts";

/** What a pod names to be placed by it. */
export const schedulerName = "bin-pack";

export const binPackScheduler = definePlugin({ name: "bin-pack-scheduler", runs: "everywhere" });
