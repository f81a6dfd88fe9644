import { definePlugin } from "./plugin.ts";

/** It applies its own manifest, too: what the bootstrap made is from then on like everything else. */
export const reconciler = definePlugin({ name: "reconciler", runs: "everywhere" });
