import type { Db, Tx } from '../database/db'
import type { MachineHost } from '../generated/prisma/client'
import type { MachineNetwork } from '../generated/prisma/enums'
import { machineUnprocessable } from './errors'
import { findPermissionProblem } from '../users/permissions'
import { type OnlineHosts, parseHostFacts, parseHostImages, readOnlineHosts } from './hosts'
import { isImageNamed } from './image-names'
import { findOffer } from './offers'
import type { MachineImageDto } from './schema'
import type { MachineSizeDto } from './size-schema'
import { parseSnapshotImageName } from './snapshot-image-name'
import * as messages from '../generated/messages/machine-errors'

/**
 * Reads what the online hosts offer together. `problem` is why no machine can be created; `isAwaited` is true while no
 * host is online, because one may come online at any moment.
 */
export const readMachineAvailability = async (db: Db | Tx) => describeAvailability(await readOnlineHosts(db))

export function describeAvailability({ online, capable }: OnlineHosts) {
  return {
    images: mergeImages(capable),
    problem: capable.length > 0 ? null : hostsUnavailableReason(online),
    isAwaited: online.length === 0,
    outboundProblem: capable.length > 0 ? outboundUnavailableReason(capable) : null,
    note: capable[0] ? parseHostFacts(capable[0]).note : null,
    takesCloudConfig: capable.some((host) => parseHostFacts(host).capabilities.cloudConfig),
    isAccelerated: capable.some((host) => parseHostFacts(host).isAccelerated),
    offers: capable[0] ? parseHostFacts(capable[0]).offers : [],
  }
}
export type MachineAvailability = ReturnType<typeof describeAvailability>

/** As `readMachineAvailability`; what the user may not do is a problem as well. */
export async function readMachineAvailabilityOf(db: Db, userId: string): Promise<MachineAvailability> {
  const [availability, problem, outboundProblem] = await Promise.all([
    readMachineAvailability(db),
    findPermissionProblem(db, userId, 'canUseMachines'),
    findPermissionProblem(db, userId, 'canUseInternet'),
  ])
  return {
    ...availability,
    problem: problem ?? availability.problem,
    isAwaited: availability.isAwaited && !problem,
    outboundProblem: outboundProblem ?? availability.outboundProblem,
  }
}

/** The catalog without snapshots. An image is usable when one host can use it. */
function mergeImages(hosts: MachineHost[]) {
  const images = new Map<string, MachineImageDto>()
  for (const image of hosts.flatMap(parseHostImages)) {
    if (parseSnapshotImageName(image.name)) continue
    const aliases = image.aliases.filter((alias) => !parseSnapshotImageName(alias))
    if (!images.has(image.name) || images.get(image.name)!.problem)
      images.set(image.name, { ...image, aliases })
  }
  return [...images.values()]
}

interface Placement {
  image: string
  size: MachineSizeDto
  network: MachineNetwork
  /** Whether a script runs in the new machine. */
  hasScript: boolean
  /** Whether that script is a configuration for cloud-init. */
  hasCloudConfig: boolean
}

/**
 * The host on which to place a machine; null if every host offers what it needs.
 * @throws {AppError} machine.not_offered if no host offers all of it
 */
export function requiredHostId({ capable }: OnlineHosts, placement: Placement) {
  const { image, size, network, hasScript, hasCloudConfig } = placement
  const suitable = capable.filter((host) => {
    const { outboundProblem, capabilities, offers } = parseHostFacts(host)
    return (
      parseHostImages(host).some((offered) => isImageNamed(offered, image) && !offered.problem) &&
      (network === 'none' || outboundProblem === null) &&
      (offers.length === 0 || findOffer(offers, size)) &&
      (!hasScript || capabilities.execute || capabilities.bootScript) &&
      (!hasCloudConfig || capabilities.cloudConfig)
    )
  })
  if (!suitable[0]) throw machineUnprocessable('not_offered', messages.notOffered())
  return suitable.length === capable.length ? null : suitable[0].id
}

/** Null if at least one host offers outbound network. */
function outboundUnavailableReason(hosts: MachineHost[]) {
  const problems = hosts.map((host) => parseHostFacts(host).outboundProblem)
  return problems.includes(null) ? null : problems[0]!
}

const hostsUnavailableReason = (online: MachineHost[]) =>
  online[0] ? parseHostFacts(online[0]).problem : messages.noHostConnected()
