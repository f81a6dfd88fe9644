import { startLab } from "../fixtures/lab/lab.ts";
import { freshSeed } from "../harness/random.ts";
import { type ConfigSources, loadConfig } from "./config.ts";
import { interruption } from "./interruption.ts";
import { workersFor } from "./scenario.ts";

/** Keeps a lab running until Ctrl-C and says how to reach it with one's own tools. */
export async function labUp(sources: ConfigSources): Promise<number> {
  const config = await loadConfig(sources, process.env);
  using interrupted = interruption();
  await using lab = await startLab({
    config: config.lab,
    seed: config.seed ?? freshSeed(),
    workersPerDeployment: workersFor(config.lab).perDeployment,
    onProgress: (what) => console.error(`lab: ${what}`),
    signal: interrupted.signal,
  });
  await lab.arm();
  const { environment } = lab;
  const { lost, survivor, controlPlanes } = environment.regions;
  const { credentials } = environment.aws(lost);
  const { controlPlane, deployments, port, token } = environment.platform;
  const first = deployments[0]?.host ?? "";
  console.log(
    [
      `lab ${lab.context.id} is up: ${lost} (primary), ${survivor} (standby), ${controlPlanes} (global control planes); ${deployments.length} deployments`,
      "",
      "credentials",
      `  export AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}`,
      ...[...new Set([lost, survivor, controlPlanes])].flatMap((region) => {
        const aws = environment.aws(region);
        return [
          "",
          region,
          `  aws --region ${region} --endpoint-url ${aws.endpoint} …`,
          ...(region === lost || region === survivor ? regionLines(region) : []),
        ];
      }),
      "",
      "names and the platform",
      `  dig @${environment.dns.address} -p ${environment.dns.port} ${first}`,
      `  curl -H 'Host: ${first}' http://$(dig +short @${environment.dns.address} -p ${environment.dns.port} ${first} | tail -1):${port}/api/v2/monitor/health`,
      `  curl -H 'Authorization: Bearer ${controlPlane.token}' ${controlPlane.url}/v1/clusters/${controlPlane.clusterId}`,
      `  web page: ${controlPlane.url}/clusters/${controlPlane.clusterId}, sign in with ${controlPlane.token}`,
      `  deployments answer to 'Authorization: Bearer ${token}'`,
      "",
      "break one",
      `  curl -X POST ${lab.supervisorUrl}/regions/${lost}/lose -d '{"how":"freeze","leaseMs":600000}'`,
      `  curl -X PATCH -H 'Authorization: Bearer ${controlPlane.token}' -H 'content-type: application/json' ${controlPlane.url}/v1/clusters/${controlPlane.clusterId} -d '{"is_failed_over":true}'`,
      `  curl -X POST ${lab.supervisorUrl}/regions/${lost}/restore`,
      "",
      "break one edge of it: a service in a region",
      `  curl -X POST ${lab.supervisorUrl}/edges -d '{"fault":{"region":"${controlPlanes}","service":"route53","how":"silent"},"leaseMs":600000}'`,
      `  curl -X DELETE ${lab.supervisorUrl}/edges/…      # the id that came back`,
      "",
      "Ctrl-C ends and removes it.",
    ].join("\n"),
  );
  const ended = await Promise.race([lab.broken, interrupted.happened]);
  if (typeof ended === "string") {
    console.error(`gameday: ${ended}`);
    return 4;
  }
  return 0;

  function regionLines(region: string): readonly string[] {
    const { server, token: kubernetesToken } = environment.kubernetes(region);
    return [
      `  kubectl --server ${server} --token ${kubernetesToken} get pods -A`,
      `  psql '${environment.database(region)}'`,
    ];
  }
}
