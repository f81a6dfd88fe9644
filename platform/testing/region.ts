/** What a plugin's pod is told, in a test, of a region whose Kubernetes is at the address. */
export const placeEnv = (kubernetesUrl: string) => ({
  CLUSTER: "c1",
  REGION: "us-west-2",
  KUBERNETES_API: kubernetesUrl,
  KUBERNETES_TOKEN: "secret",
});
/** Where the plugin itself may listen. */
export const anyPort = { podIp: "127.0.0.1", ports: [0] } as const;
