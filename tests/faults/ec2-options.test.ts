import { randomBytes } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import {
  CreateLaunchTemplateCommand,
  DescribeInstanceAttributeCommand,
  DescribeSpotInstanceRequestsCommand,
  RequestSpotInstancesCommand,
} from '@aws-sdk/client-ec2'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { useEc2 } from '@/tests/support/ec2-fixture'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { neverAborted } from '@/tests/support/never-aborted'
import { rejectionOf } from '@/tests/support/rejection-of'
import type { Ec2Settings } from '@/worker/machines/drivers/ec2/ec2-settings'
import type { MachineSpec } from '@/worker/machines/hypervisor'

const ec2 = await useEc2()
afterAll(() => ec2?.stop())

describe.skipIf(!ec2)('an instance of EC2', () => {
  const { proxy, server, open, listInstances } = ec2!
  afterEach(() => proxy.setFault(() => null))
  /** Creates a machine. Returns its instance with the parameters of its launch. */
  const create = async (settings: Partial<Ec2Settings>, more: Partial<MachineSpec> = {}) => {
    let launch = new URLSearchParams()
    proxy.setFault((action, parameters) => {
      if (action === 'RunInstances') launch = parameters
      return null
    })
    const driver = open(settings)
    const spec = createMachineSpec(more)
    await driver.create(spec, { signal: neverAborted })
    const [instance] = await listInstances(spec.id)
    return { driver, id: spec.id, instance: instance!, launch }
  }

  it('has the group for internet access if outbound', async () => {
    const { instance, driver } = await create({ outboundGroup: server.openGroup }, { network: 'outbound' })
    expect(instance.SecurityGroups).toEqual([{ GroupId: server.openGroup, GroupName: 'open' }])
    expect(await driver.describe()).toMatchObject({ problem: null, outboundProblem: null })
  })

  it('has the configuration of its user for cloud-init', async () => {
    const cloudConfig = '#cloud-config\npackages: [git]\n'
    const bootScript = { script: 'echo one', endToken: 'a1' }
    const { instance, driver } = await create({}, { cloudConfig, bootScript })
    expect(driver.capabilities).toMatchObject({ bootScript: true, cloudConfig: true })
    const { UserData: stored } = await server.client.send(
      new DescribeInstanceAttributeCommand({ InstanceId: instance.InstanceId, Attribute: 'userData' }),
    )
    const userData = gunzipSync(Buffer.from(stored!.Value!, 'base64')).toString()
    expect(userData).toContain('Content-Type: multipart/mixed')
    expect(userData).toContain(cloudConfig)
    const long = `${cloudConfig}# ${randomBytes(20_000).toString('base64')}`
    expect(await rejectionOf(create({}, { cloudConfig: long }))).toMatchObject({
      code: 'machine.user_data_too_long',
      message: expect.stringContaining('#cloud-config'),
    })
  })

  it('has the settings of a launch template in the given version, apart from those of its machine', async () => {
    const { LaunchTemplate: template } = await server.client.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'machines',
        LaunchTemplateData: {
          InstanceType: 'm5.large',
          TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'team', Value: 'video' }] }],
        },
      }),
    )
    const id = template!.LaunchTemplateId!
    const { instance, launch } = await create({ launchTemplate: `${id}:1` })
    expect(launch.get('LaunchTemplate.LaunchTemplateId')).toBe(id)
    expect(launch.get('LaunchTemplate.Version')).toBe('1')
    expect(instance.InstanceType).toBe('t3.nano')
    expect(instance.Tags).toEqual(
      expect.arrayContaining([
        { Key: 'team', Value: 'video' },
        { Key: 'meanwhile:installation', Value: 'host' },
      ]),
    )
    const unversioned = await create({ launchTemplate: id })
    expect(unversioned.launch.get('LaunchTemplate.Version')).toBe('$Default')
  })

  it('is a spot instance that can be stopped, and takes its request with it', async () => {
    const { instance, launch, driver, id } = await create({ isSpot: true })
    expect(instance.InstanceLifecycle).toBe('spot')
    expect(launch.get('InstanceMarketOptions.SpotOptions.SpotInstanceType')).toBe('persistent')
    expect(launch.get('InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior')).toBe('stop')

    // moto makes no request of its own for it.
    const { SpotInstanceRequests: [request] = [] } = await server.client.send(
      new RequestSpotInstancesCommand({ LaunchSpecification: { ImageId: server.image } }),
    )
    const requestId = request!.SpotInstanceRequestId!
    const withRequest = (xml: string) =>
      xml.replaceAll(
        '</instanceId>',
        `</instanceId><spotInstanceRequestId>${requestId}</spotInstanceRequestId>`,
      )
    proxy.setFault((action) => (action === 'DescribeInstances' ? { change: withRequest } : null))
    await driver.destroy(id)
    expect((await listInstances(id)).map(({ State }) => State?.Name)).toEqual(['terminated'])
    const { SpotInstanceRequests: left = [] } = await server.client.send(
      new DescribeSpotInstanceRequestsCommand({}),
    )
    expect(left.map(({ SpotInstanceRequestId }) => SpotInstanceRequestId)).not.toContain(requestId)
  })

  it('is rebooted in place, and started if it is stopped', async () => {
    const { driver, id } = await create({})
    const before = proxy.actions.length
    expect(await driver.reboot(id, { signal: neverAborted })).toMatchObject({ state: 'running' })
    const actions = proxy.actions.slice(before)
    expect(actions).toContain('RebootInstances')
    expect(actions).not.toContain('StopInstances')
    await driver.stop(id, { graceMs: 0, signal: neverAborted })
    expect(await driver.reboot(id, { signal: neverAborted })).toMatchObject({ state: 'running' })
  })
})
