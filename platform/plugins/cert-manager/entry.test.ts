import { X509Certificate } from "node:crypto";
import { expect, it } from "vitest";
import { configMaps, namespaces, secrets } from "../../../fixtures/lab/kubernetes/kinds.ts";
import type { Kubernetes } from "../../../fixtures/lab/kubernetes/start.ts";
import { eventually, testCluster } from "../../../fixtures/lab/kubernetes/testing.ts";
import { pluginNamespace } from "../../manifests/plugin.ts";
import { anyPort, placeEnv } from "../../testing/region.ts";
import { createIssuer, fromSecretData, issue, type KeyPair, secretData } from "./certificates.ts";
import { start } from "./entry.ts";
import { certificateLabel, ingressSecret, issuerSecret } from "./secrets.ts";

const day = 24 * 3_600_000;
const dnsName = "ingress.c1.airflow.example";
const validity = (fromDays: number, toDays: number) => ({
  notBefore: new Date(Date.now() + fromDays * day),
  notAfter: new Date(Date.now() + toDays * day),
});

async function region(given: Readonly<Record<string, KeyPair>> = {}) {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await testCluster());
  cluster.verbs.create(namespaces, undefined, { metadata: { name: pluginNamespace } });
  for (const [name, pair] of Object.entries(given)) {
    const metadata = { name, labels: { [certificateLabel]: "c1" } };
    cluster.verbs.create(secrets, pluginNamespace, { metadata, data: secretData(pair) });
  }
  const plugin = await start({ ...anyPort, env: { ...placeEnv(cluster.url), DNS_NAME: dnsName } });
  stack.defer(() => plugin.stop());
  const owned = stack.move();
  return { cluster, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
const told = (cluster: Kubernetes) =>
  eventually(cluster, "the check", () => cluster.store.get(configMaps, pluginNamespace, "check-certificate")?.data);
const stored = ({ store }: Kubernetes, name: string) =>
  new X509Certificate(fromSecretData(store.get(secrets, pluginNamespace, name)?.data)?.certificate ?? "");

it("issues a certificate for the ingress name, which Node's own crypto verifies", async () => {
  await using running = await region();
  expect(await told(running.cluster)).toMatchObject({ ok: "true" });
  const certificate = stored(running.cluster, ingressSecret);
  const issuer = stored(running.cluster, issuerSecret);
  expect(certificate.checkHost(dnsName)).toBe(dnsName);
  expect(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)).toBe(true);
  expect(certificate.ca).toBe(false);
});

it("renews one that ends soon, by the same issuer", async () => {
  const issuer = await createIssuer("c1", validity(-10, 100));
  const old = await issue(issuer, dnsName, validity(-60, 5));
  await using running = await region({ [issuerSecret]: issuer, [ingressSecret]: old });
  await told(running.cluster);
  const renewed = stored(running.cluster, ingressSecret);
  expect(Date.parse(renewed.validTo)).toBeGreaterThan(Date.now() + 80 * day);
  expect(renewed.verify(stored(running.cluster, issuerSecret).publicKey)).toBe(true);
});

it("tells that a certificate expired and why it cannot be renewed", async () => {
  const issuer = await createIssuer("c1", validity(-100, -1));
  const old = await issue(issuer, dnsName, validity(-60, -2));
  await using running = await region({ [issuerSecret]: issuer, [ingressSecret]: old });
  const { ok, detail } = await told(running.cluster);
  expect(ok).toBe("false");
  expect(detail).toMatch(/^the certificate of ingress\.c1\.airflow\.example expired: .* its issuer expired on /);
});
