import { DescribeSecurityGroupsCommand, type EC2Client } from '@aws-sdk/client-ec2'
import { errorMessage } from '@/lib/errors'
import type { HypervisorFacts } from '@/worker/machines/hypervisor'
import type { Ec2Settings } from './ec2-settings'
import type { InstanceTypes } from './instance-types'
import * as messages from '@/lib/generated/messages/machine-host-texts'

/** Reads whether the configuration can be used. Never throws: it is a problem of this host then. */
export async function describeEc2(
  ec2: EC2Client,
  types: InstanceTypes,
  settings: Ec2Settings,
): Promise<HypervisorFacts> {
  const facts = {
    version: `Amazon EC2 in ${settings.region}`,
    isAccelerated: true,
    outboundProblem: settings.outboundGroup ? null : messages.outboundGroupUnset(),
  }
  try {
    const offers = await types.list()
    const { accountId, problem } = await checkIsolatedGroup(ec2, settings)
    const fleet = `${settings.endpoint ?? 'aws'}/${settings.region}/${accountId}`
    return { ...facts, fleet, kinds: ['vm'], offers, note: messages.noteCloud(), problem }
  } catch (error) {
    const problem = errorMessage(error)
    return { ...facts, fleet: null, kinds: [], offers: [], note: problem, problem }
  }
}

async function checkIsolatedGroup(ec2: EC2Client, { isolatedGroup }: Ec2Settings) {
  const command = new DescribeSecurityGroupsCommand({ GroupIds: [isolatedGroup] })
  const { SecurityGroups: [group] = [] } = await ec2.send(command)
  const rules = [...(group?.IpPermissions ?? []), ...(group?.IpPermissionsEgress ?? [])]
  const problem = rules.length > 0 ? messages.isolatedGroup({ value: isolatedGroup }) : null
  return { accountId: group?.OwnerId ?? '', problem }
}
