import { type Aws, awsClients } from "../aws/clients.ts";

/** One call as a client made it, before it would have gone out. */
export interface AwsCall {
  /** The operation, for example `DescribeStacks`. */
  readonly operation: string;
  /** The region whose API is called; `global` for Route 53 and IAM. */
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
}
export type AnswerCall = (call: AwsCall) => unknown;

/** An error as the SDK throws it: the code is the name. */
export function awsError(code: string, message = code): Error {
  return Object.assign(new Error(message), { name: code });
}

/** The real SDK clients, answered in this process instead of over the network. */
export function answeredAws(answer: AnswerCall): Aws {
  const real = awsClients({ credentials: { accessKeyId: "test", secretAccessKey: "test" }, callWithinMs: 1_000 });
  const answered = <Client extends object>(client: Client, region: string): Client =>
    Object.assign(client, {
      send: async (command: { readonly constructor: { readonly name: string }; readonly input: AwsCall["input"] }) =>
        answer({ operation: command.constructor.name.replace(/Command$/, ""), region, input: command.input }),
    });
  return {
    rds: (region) => answered(real.rds(region), region),
    cloudFormation: (region) => answered(real.cloudFormation(region), region),
    s3: (region) => answered(real.s3(region), region),
    ssm: (region) => answered(real.ssm(region), region),
    route53: () => answered(real.route53(), "global"),
    iam: () => answered(real.iam(), "global"),
  };
}
