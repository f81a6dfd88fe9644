import type { Actuators, FisResource } from "../fixtures/lab/aws/fis/actuators.ts";
import { startAutomationWith } from "../fixtures/lab/aws/fis/automation.ts";
import { fisHandlers } from "../fixtures/lab/aws/fis.ts";
import { type AutomationDocument, createAutomations } from "../fixtures/lab/aws/ssm/automations.ts";
import type { Handlers } from "../fixtures/lab/types.ts";

const nothing = async (): Promise<undefined> => undefined;

/** For tests: the lab's own FIS, whose actions do nothing unless the test says otherwise. */
export const fisOf = ({
  actuators = {},
  documents = {},
  resources = [],
}: {
  readonly actuators?: Partial<Actuators>;
  readonly documents?: Readonly<Record<string, AutomationDocument>>;
  readonly resources?: readonly FisResource[];
}): Handlers =>
  fisHandlers({
    actuators: {
      disruptConnectivity: nothing,
      disruptCrossRegionConnectivity: nothing,
      pauseBucketReplication: nothing,
      failoverDatabaseCluster: nothing,
      rebootDatabaseInstances: nothing,
      deletePods: nothing,
      startAutomation: startAutomationWith(createAutomations(documents)),
      ...actuators,
    },
    resources: () => [...resources],
    alarmState: () => "OK",
    delays: { wait: () => Promise.resolve() },
    timeScale: 30,
    random: () => 0,
  });
