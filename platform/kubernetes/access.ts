import { KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";

/** How a pod reaches the Kubernetes API of its region. Without an address its own service account is used. */
export const kubernetesAccess = {
  KUBERNETES_API: z.url().optional(),
  KUBERNETES_TOKEN: z.string().optional(),
};
export interface KubernetesAccess {
  readonly KUBERNETES_API?: string | undefined;
  readonly KUBERNETES_TOKEN?: string | undefined;
}

export function kubeConfigOf({ KUBERNETES_API: server, KUBERNETES_TOKEN: token }: KubernetesAccess): KubeConfig {
  const config = new KubeConfig();
  if (server === undefined) config.loadFromCluster();
  else {
    const user = { name: "platform", ...(token === undefined ? {} : { token }) };
    config.loadFromClusterAndUser({ name: "here", server, skipTLSVerify: server.startsWith("http:") }, user);
  }
  return config;
}
