import { KubeConfig, type RequestContext } from "@kubernetes/client-node";
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
  const config = new PooledKubeConfig();
  if (server === undefined) config.loadFromCluster();
  else {
    const user = { name: "platform", ...(token === undefined ? {} : { token }) };
    config.loadFromClusterAndUser({ name: "here", server, skipTLSVerify: server.startsWith("http:") }, user);
  }
  return config;
}

/** The client (2.0) makes a dispatcher for each call where TLS has options, and with it a new connection. Here all calls share the first. */
class PooledKubeConfig extends KubeConfig {
  #dispatcher: ReturnType<RequestContext["getDispatcher"]>;

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    this.#dispatcher ??= context.getDispatcher();
    if (this.#dispatcher !== undefined) context.setDispatcher(this.#dispatcher);
  }
}
