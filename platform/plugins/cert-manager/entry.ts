import { CoreV1Api } from "@kubernetes/client-node";
import { Gauge } from "prom-client";
import { z } from "zod";
import { kubeConfigOf } from "../../kubernetes/access.ts";
import { gather } from "../../kubernetes/gather.ts";
import { applyAs } from "../../kubernetes/objects.ts";
import { watch } from "../../kubernetes/watch.ts";
import { pluginNamespace } from "../../manifests/plugin.ts";
import { checkTeller } from "../checks.ts";
import { type Container, milliseconds, placeSettings, type RunningPlugin, readEnv } from "../settings.ts";
import { serveTelemetry } from "../telemetry.ts";
import { createIssuer, fromSecretData, issue, type KeyPair, secretData, validityOf } from "./certificates.ts";
import { certificateLabel, ingressSecret, issuerSecret } from "./secrets.ts";

const day = 24 * 3_600_000;
const gatherMs = 20;
/** It looks again at the latest after this time, however long everything is valid. */
const lookAgainMs = 3_600_000;

/** Issues the certificate of the ingress name and renews it in time, signed by the region's own authority. */
export async function start({ env, ...place }: Container): Promise<RunningPlugin> {
  const settings = readEnv(
    "cert-manager",
    {
      ...placeSettings,
      DNS_NAME: z.string().min(1),
      VALID_FOR_MS: milliseconds(90 * day),
      RENEW_BEFORE_MS: milliseconds(30 * day),
    },
    env,
  );
  const stopped = new AbortController();
  const { signal } = stopped;
  const telemetry = await serveTelemetry("cert-manager", place);
  const expiry = new Gauge({
    name: "certificate_not_after_seconds",
    help: "When the ingress certificate expires, in seconds since 1970",
    registers: [telemetry.registry],
  });
  const config = kubeConfigOf(settings);
  const core = config.makeApiClient(CoreV1Api);
  const apply = applyAs(config, "cert-manager");
  const tell = checkTeller(config, "cert-manager");
  let next: NodeJS.Timeout | undefined;
  let looked = false;

  const onError = (error: unknown) =>
    telemetry.log("failed", { error: error instanceof Error ? error.message : String(error) });
  const pass = gather(renew, { afterMs: gatherMs, signal, onError });
  const secrets = watch(
    config,
    {
      path: `/api/v1/namespaces/${pluginNamespace}/secrets`,
      list: (by) => core.listNamespacedSecret({ namespace: pluginNamespace, ...by }),
      labelSelector: certificateLabel,
      onChange: () => pass.soon(),
    },
    signal,
  );
  const stored = (name: string) => fromSecretData(secrets.get(name, pluginNamespace)?.data);
  const validity = (forMs: number) => ({
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + forMs),
  });

  async function store(name: string, pair: KeyPair): Promise<KeyPair> {
    const metadata = { name, namespace: pluginNamespace, labels: { [certificateLabel]: settings.CLUSTER } };
    await apply({
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      type: "kubernetes.io/tls",
      data: secretData(pair),
    } as object);
    return pair;
  }

  async function renew(): Promise<void> {
    if (!secrets.synced()) return;
    let current = stored(ingressSecret);
    let trouble = "";
    if (current === undefined || leftMs(current) < settings.RENEW_BEFORE_MS) {
      const issuer =
        stored(issuerSecret) ??
        (await store(
          issuerSecret,
          await createIssuer(`${settings.CLUSTER} in ${settings.REGION}`, validity(3_650 * day)),
        ));
      if (leftMs(issuer) > 0) {
        current = await store(ingressSecret, await issue(issuer, settings.DNS_NAME, validity(settings.VALID_FOR_MS)));
        telemetry.log("issued", { dnsName: settings.DNS_NAME, notAfter: validityOf(current).notAfter });
      } else
        trouble = `it cannot be renewed, because its issuer expired on ${validityOf(issuer).notAfter.toISOString()}`;
    }
    await report(current, trouble);
    looked = true;
  }

  async function report(current: KeyPair | undefined, trouble: string): Promise<void> {
    clearTimeout(next);
    const left = current === undefined ? 0 : leftMs(current);
    const when = current === undefined ? "there is none" : validityOf(current).notAfter.toISOString();
    if (current !== undefined) expiry.set(validityOf(current).notAfter.getTime() / 1_000);
    const said = `the certificate of ${settings.DNS_NAME} ${left > 0 ? "is valid until" : "expired:"} ${when}`;
    await tell({ name: "certificate", ok: left > 0, detail: trouble === "" ? said : `${said}; ${trouble}` });
    const untilRenewalMs = left > settings.RENEW_BEFORE_MS ? left - settings.RENEW_BEFORE_MS : left;
    next = setTimeout(() => pass.soon(), Math.min(lookAgainMs, Math.max(1_000, untilRenewalMs)));
  }

  return {
    ready: () => looked,
    async stop() {
      stopped.abort();
      clearTimeout(next);
      await pass.idle();
      clearTimeout(next);
      await telemetry[Symbol.asyncDispose]();
    },
  };
}

const leftMs = (pair: KeyPair): number => validityOf(pair).notAfter.getTime() - Date.now();
