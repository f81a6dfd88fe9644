import type { Step } from "./step.ts";

/** Step 3: writes the manifests with the target as the active region, and waits until the reconciler there has every deployment ready. */
export const manifests: Step = {
  name: "manifests",
  ask: ({ from }, { inflation }) => {
    return async () => {
      const { regenerated, applied, ready, wanted, problems, leftBehind } = await inflation.look();
      if (!regenerated) return { done: false, detail: "manifests of before", act: () => inflation.regenerate() };
      const because = problems.length === 0 ? "" : `: ${problems.slice(0, 3).join("; ")}`;
      if (!applied) return { done: false, detail: `manifests written, not yet applied${because}` };
      const detail = `${ready} of ${wanted} deployments ready`;
      if (ready < wanted) return { done: false, detail: `${detail}${because}` };
      if (leftBehind) return { done: false, detail: `${detail}, ${from} has not put its own away yet` };
      return { done: true, detail };
    };
  },
};
