import { DescribeInstanceTypesCommand, type EC2Client, type _InstanceType } from '@aws-sdk/client-ec2'
import { PermanentError } from '@/lib/errors'
import type { MachineOffer } from '@/lib/machines/offer-schema'
import { findOffer } from '@/lib/machines/offers'
import type { MachineSize } from '@/worker/machines/hypervisor'
import type { Ec2Settings } from './ec2-settings'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

/** The configured instance types, in this order, with what they have. */
export class InstanceTypes {
  private offers?: Promise<MachineOffer[]>

  constructor(
    private readonly ec2: EC2Client,
    private readonly settings: Pick<Ec2Settings, 'instanceTypes'>,
  ) {}

  /** Read once: types do not change. The next call repeats a failed one. */
  list() {
    this.offers ??= this.read().catch((error: unknown) => {
      this.offers = undefined
      throw error
    })
    return this.offers
  }

  private async read() {
    const { instanceTypes } = this.settings
    const names = [...instanceTypes.keys()] as _InstanceType[]
    const { InstanceTypes: found = [] } = await this.ec2.send(
      new DescribeInstanceTypesCommand({ InstanceTypes: names }),
    )
    const byName = new Map(found.map((type) => [type.InstanceType as string, type]))
    return [...instanceTypes].flatMap(([name, pricePerHour]) => {
      const type = byName.get(name)
      const cpus = type?.VCpuInfo?.DefaultVCpus
      const memoryMiB = type?.MemoryInfo?.SizeInMiB
      return cpus && memoryMiB ? [{ name, cpus, memoryMiB, pricePerHour }] : []
    })
  }

  /** The first type that is large enough. @throws {PermanentError} machine.no_offer */
  async choose(size: MachineSize) {
    const offer = findOffer(await this.list(), size)
    if (!offer) throw sizeNotOffered()
    return offer.name as _InstanceType
  }
}

const sizeNotOffered = () =>
  new PermanentError({
    code: 'machine.no_offer',
    message: messages.sizeNotOffered(),
    advice: messages.chooseSmaller(),
  })
