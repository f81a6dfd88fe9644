import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { unless } from "./errors.ts";

/** The value of a parameter in the region's Parameter Store, or undefined when there is none by that name. */
export async function readParameter(ssm: SSMClient, name: string): Promise<string | undefined> {
  const found = await unless(["ParameterNotFound"], undefined, ssm.send(new GetParameterCommand({ Name: name })));
  return found?.Parameter?.Value;
}

/** The same of a secret, which Parameter Store keeps encrypted (a `SecureString`). */
export async function readSecret(ssm: SSMClient, name: string): Promise<string | undefined> {
  const asked = ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  return (await unless(["ParameterNotFound"], undefined, asked))?.Parameter?.Value;
}
