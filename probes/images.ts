import { createHash } from "node:crypto";
import { z } from "zod";
import { DidNotHappen } from "../harness/errors.ts";
import type { Environment, Millis, Probe, Run } from "../harness/types.ts";
import { type DepositPlan, deposits, type Item } from "./deposits.ts";
import { codeOf } from "./http.ts";
import { listIn } from "./kubernetes.ts";

export interface ImageOptions {
  /** One image in this time. */
  readonly everyMs?: Millis;
  /** After this a push is in doubt. */
  readonly withinMs?: Millis;
}

interface Image extends Item {
  readonly manifest: Buffer;
  readonly blobs: ReadonlyMap<string, Buffer>;
}

const repository = "gameday/probe";
const mediaTypes = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
};

/**
 * Small images, each with a digest of its own, pushed to the registry of the region that serves and pulled again from each region by digest.
 * A stock also asks the region's registry for every image that its running pods name.
 */
export function images(options: ImageOptions = {}): Probe {
  const probe = deposits("images", (run) => planOf(run, options));
  return {
    ...probe,
    async start(run) {
      const started = await probe.start(run);
      return {
        ...started,
        async takeStock(region) {
          await Promise.all([started.takeStock?.(region), readNamed(run, region)]);
        },
      };
    },
  };
}

function planOf(
  { environment, random, clock }: Run,
  { everyMs = 2_000, withinMs = 2_000 }: ImageOptions,
): DepositPlan<Image> {
  return {
    everyMs,
    withinMs,
    make: (seq) => imageOf(`image ${seq} of the run with seed ${random.seed}, begun at ${clock.wallOriginMs}\n`),
    put: (region, image, signal) => push(environment, region, image, signal),
    async read(region, all, signal) {
      const [items, partial]: [[string, string][], [string, string][]] = [[], []];
      const left = [...all];
      const pullAll = async (): Promise<void> => {
        for (let image = left.shift(); image !== undefined; image = left.shift()) {
          const seen = await pull(environment, region, image, signal);
          if (seen === undefined) continue;
          if ("missing" in seen) partial.push([image.key, seen.missing]);
          else items.push([image.key, seen.digest]);
        }
      };
      await Promise.all([1, 2, 3, 4].map(pullAll));
      return { items, partial };
    },
    stop: () => undefined,
  };
}

function imageOf(content: string): Image {
  const layer = Buffer.from(content);
  const rootfs = { type: "layers", diff_ids: [digestOf(layer)] };
  const config = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", config: {}, rootfs }));
  const described = (mediaType: string, blob: Buffer) => ({ mediaType, digest: digestOf(blob), size: blob.length });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: described(mediaTypes.config, config),
      layers: [described(mediaTypes.layer, layer)],
    }),
  );
  const digest = digestOf(manifest);
  const blobs = new Map([config, layer].map((blob) => [digestOf(blob), blob]));
  return { key: `${repository}@${digest}`, digests: [digest], manifest, blobs };
}

/** Blobs first, the manifest last: only with it there is an image. Source: OCI distribution specification 1.1, "Pushing manifests". */
async function push(environment: Environment, region: string, image: Image, signal: AbortSignal): Promise<void> {
  const ask = registryOf(environment, region, signal);
  for (const [digest, blob] of image.blobs)
    await pushBlob(ask, digest, blob).catch((cause: unknown) => {
      throw new DidNotHappen(reason(cause), undefined, { cause });
    });
  const reply = await ask(
    `/v2/${repository}/manifests/${image.digests[0]}`,
    "PUT",
    image.manifest,
    mediaTypes.manifest,
  );
  if (reply.status >= 400 && reply.status < 500) throw new DidNotHappen(`HTTP_${reply.status}`);
  if (reply.status !== 201) throw new Error(`HTTP_${reply.status}`);
}

/** In one call where the registry can do that, or else in two. */
async function pushBlob(ask: Ask, digest: string, blob: Buffer): Promise<void> {
  const begun = await ask(`/v2/${repository}/blobs/uploads/?digest=${digest}`, "POST", blob);
  if (begun.status === 201) return;
  const upload = begun.headers.get("location");
  if (begun.status !== 202 || upload === null) throw new Error(`HTTP_${begun.status}`);
  const ended = await ask(`${upload}${upload.includes("?") ? "&" : "?"}digest=${digest}`, "PUT", blob);
  if (ended.status !== 201) throw new Error(`HTTP_${ended.status}`);
}

/** Undefined when there is no such image; a digest that is not the expected one says that its content is another. */
async function pull(
  environment: Environment,
  region: string,
  image: Image,
  signal: AbortSignal,
): Promise<{ digest: string } | { missing: string } | undefined> {
  const ask = registryOf(environment, region, signal);
  const manifest = await ask(`/v2/${repository}/manifests/${image.digests[0]}`, "GET");
  if (manifest.status === 404) return undefined;
  if (manifest.status !== 200) throw new Error(`the manifest: HTTP_${manifest.status}`);
  const digest = digestOf(manifest.content);
  if (digest !== image.digests[0]) return { digest };
  for (const wanted of image.blobs.keys()) {
    const blob = await ask(`/v2/${repository}/blobs/${wanted}`, "GET");
    if (blob.status === 404) return { missing: `blob ${wanted}` };
    if (blob.status !== 200) throw new Error(`blob ${wanted}: HTTP_${blob.status}`);
    const seen = digestOf(blob.content);
    if (seen !== wanted) return { digest: `${digest} with blob ${seen} in place of ${wanted}` };
  }
  return { digest };
}

const pod = z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })) }) });

/** Which images the region's running pods name by digest, and whether its registry has their manifests. */
async function readNamed(run: Run, region: string): Promise<void> {
  const { environment } = run;
  await run.record({ process: "probe/images", f: "named", value: { region } }, async () => {
    const signal = AbortSignal.timeout(10_000);
    const ask = registryOf(environment, region, signal);
    const path = "/api/v1/pods?fieldSelector=status.phase=Running";
    const pods = await listIn(environment, region, { path, shape: pod }, signal);
    const named = Map.groupBy(
      pods.flatMap(({ spec }) => spec.containers.map(({ image }) => image)),
      (image) => image,
    );
    const rows: [image: string, pods: number, there: boolean][] = [];
    for (const [image, { length }] of named) {
      const [, name, digest] = /^(?:[^/]*[.:][^/]*\/)?([^@]+)@(sha256:[0-9a-f]{64})$/.exec(image) ?? [];
      if (name === undefined || digest === undefined) continue;
      const { status } = await ask(`/v2/${name}/manifests/${digest}`, "HEAD");
      if (status !== 200 && status !== 404) throw new Error(`${image}: HTTP_${status}`);
      rows.push([image, length, status === 200]);
    }
    return { images: rows };
  });
}

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly content: Buffer;
}
type Ask = (path: string, method: "GET" | "HEAD" | "POST" | "PUT", body?: Buffer, type?: string) => Promise<Reply>;

const registryOf =
  (environment: Environment, region: string, signal: AbortSignal): Ask =>
  async (path, method, body, type = "application/octet-stream") => {
    const { url } = environment.registry(region);
    const sent = body === undefined ? {} : { body: new Uint8Array(body), headers: { "content-type": type } };
    const accept = method === "GET" || method === "HEAD" ? { headers: { accept: mediaTypes.manifest } } : {};
    const reply = await fetch(new URL(path, url), { method, signal, ...accept, ...sent }).catch((error: unknown) => {
      const code = reason(error);
      throw code === "ECONNREFUSED" ? new DidNotHappen(code) : new Error(code, { cause: error });
    });
    return { status: reply.status, headers: reply.headers, content: Buffer.from(await reply.arrayBuffer()) };
  };

/** `fetch` hides what happened in its error's cause. */
const reason = (error: unknown): string => codeOf(error instanceof TypeError && error.cause ? error.cause : error);

const digestOf = (content: Uint8Array): string => `sha256:${createHash("sha256").update(content).digest("hex")}`;
