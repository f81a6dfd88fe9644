import type { Check } from "../../../health/check.ts";
import type { Region } from "../region.ts";
import type { Settings } from "../settings.ts";

const name = "images";
const manifestType = "application/vnd.oci.image.manifest.v1+json";
/** An image that is there is not looked for again before this time. */
const askAgainMs = 10_000;

interface Reference {
  readonly registry: string;
  readonly repository: string;
  readonly digest: string;
}

/** Reads `registry/repository@sha256:…`. */
export function referenceOf(image: string): Reference | undefined {
  const [, registry, repository, digest] = /^([^/]+)\/(.+)@(sha256:[0-9a-f]+)$/.exec(image) ?? [];
  return registry === undefined || repository === undefined || digest === undefined
    ? undefined
    : { registry, repository, digest };
}

/** Looks in the region's own registry for every image that a manifest here may ever start, running or not. */
export function imagesCheck(
  { deployments }: Pick<Region, "deployments">,
  { REGISTRY_URL, CALL_WITHIN_MS }: Pick<Settings, "REGISTRY_URL" | "CALL_WITHIN_MS">,
): () => Promise<Check> {
  const foundAtMs = new Map<string, number>();
  const missing = async (image: string): Promise<string[]> => {
    if (performance.now() - (foundAtMs.get(image) ?? Number.NEGATIVE_INFINITY) < askAgainMs) return [];
    const reference = referenceOf(image);
    if (reference === undefined) return [`${image} is not named by registry and digest`];
    const { registry, repository, digest } = reference;
    const url = `${REGISTRY_URL ?? `https://${registry}`}/v2/${repository}/manifests/${digest}`;
    const headers = { accept: manifestType };
    const reply = await fetch(url, { method: "HEAD", headers, signal: AbortSignal.timeout(CALL_WITHIN_MS) });
    if (reply.ok) foundAtMs.set(image, performance.now());
    else foundAtMs.delete(image);
    return reply.ok ? [] : [`${registry} answers ${reply.status} for ${repository}@${digest.slice(0, 19)}`];
  };
  return async () => {
    const containers = deployments.list().flatMap(({ spec }) => spec?.template.spec?.containers ?? []);
    const images = [...new Set(containers.map(({ image = "" }) => image))];
    const gone = (await Promise.all(images.map(missing))).flat();
    if (gone.length > 0) return { name, ok: false, detail: gone.join("; ") };
    return { name, ok: true, detail: `all ${images.length} images are in the region's registry` };
  };
}
