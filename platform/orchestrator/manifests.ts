import type { Step } from "./step.ts";

/** Step 3: writes the manifests in the failed-over state, and waits until the reconciler there has every deployment ready. */
export const manifests: Step = {
  name: "manifests",
  ask: (_record, { inflation }) => {
    return async () => {
      const { regenerated, applied, ready, wanted } = await inflation.look();
      if (!regenerated) return { done: false, detail: "manifests of before", act: () => inflation.regenerate() };
      if (!applied) return { done: false, detail: "manifests written, not yet applied" };
      return { done: ready >= wanted, detail: `${ready} of ${wanted} deployments ready` };
    };
  },
};
