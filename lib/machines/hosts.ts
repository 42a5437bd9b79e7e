import { z } from 'zod'
import { Batcher } from '../concurrency/batcher'
import type { Db, Tx } from '../database/db'
import { querySql } from '../database/direct-query'
import { prepared } from '../database/prepared-statements'
import { type MachineHost, Prisma } from '../generated/prisma/client'
import { type MachineCapabilities, machineCapabilitiesSchema, machineKindSchema } from './capabilities'
import { machineConflict } from './errors'
import { machineOfferSchema } from './offer-schema'
import { machineImageSchema } from './schema'
import * as messages from '../generated/messages/machine-errors'
import { translateHostText, translateOptionalHostText } from './host-texts'

/**
 * A host without a heartbeat for this long is lost. Measured by the clock of the database, because those of hosts
 * differ.
 */
export const HOST_TIMEOUT = '20 seconds'

/** Hosts of earlier versions ran QEMU, and did not report these. */
const QEMU_CAPABILITIES: MachineCapabilities = {
  console: true,
  consoleInput: true,
  execute: true,
  bootScript: false,
  cloudConfig: false,
  ports: true,
  snapshots: true,
  resize: true,
  usage: true,
  survivesApp: false,
}

const hostFactsSchema = z.object({
  version: z.string(),
  fleet: z.string().nullable().default(null),
  kinds: z.array(machineKindSchema).default(['vm']),
  capabilities: machineCapabilitiesSchema.default(QEMU_CAPABILITIES),
  offers: z.array(machineOfferSchema).default([]),
  isAccelerated: z.boolean(),
  note: z.string(),
  problem: z.string().nullable(),
  outboundProblem: z
    .string()
    .nullable()
    .default(() => messages.outboundUnknown()),
})

/** The facts that a host has reported, in the current locale. */
export function parseHostFacts(host: Pick<MachineHost, 'facts'>) {
  const { note, problem, outboundProblem, ...facts } = hostFactsSchema.parse(host.facts)
  return {
    ...facts,
    note: translateHostText(note),
    problem: translateOptionalHostText(problem),
    outboundProblem: translateOptionalHostText(outboundProblem),
  }
}

/** The images that a host has reported, in the current locale. */
export const parseHostImages = (host: Pick<MachineHost, 'images'>) =>
  z
    .array(machineImageSchema)
    .parse(host.images)
    .map(({ description, problem, ...image }) => ({
      ...image,
      description: translateHostText(description),
      problem: translateOptionalHostText(problem),
    }))

type Operation = 'console' | 'consoleInput' | 'execute' | 'ports' | 'snapshots' | 'resize'

/** @throws {AppError} machine.not_supported if the host cannot do it */
export function requireCapability(host: Pick<MachineHost, 'facts'>, operation: Operation) {
  if (!parseHostFacts(host).capabilities[operation])
    throw machineConflict('not_supported', messages.notSupported({ operation }))
}

export async function readOnlineHostIds(db: Db | Tx): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM machine_host WHERE "seenAt" > now() - ${HOST_TIMEOUT}::interval`
  return new Set(rows.map(({ id }) => id))
}

export type OnlineHosts = Awaited<ReturnType<typeof readOnlineHosts>>

const batchers = new WeakMap<Db, Batcher<null, OnlineHosts>>()

/** As `readOnlineHosts`. Calls that arrive while the hosts are read share the next reading: orders come in bursts. */
export function readOnlineHostsTogether(db: Db): Promise<OnlineHosts> {
  const batcher = batchers.get(db) ?? createBatcher(db)
  batchers.set(db, batcher)
  return batcher.add(null)
}

const createBatcher = (db: Db) =>
  new Batcher<null, OnlineHosts>(async (calls) => {
    const hosts = await readOnlineHosts(db)
    return calls.map(() => hosts)
  })

/** Reads the online hosts, and those of them that can run machines; latest heartbeat first. */
export async function readOnlineHosts(db: Db | Tx) {
  const online = await querySql<MachineHost>(
    db,
    Prisma.sql`
      ${prepared} SELECT * FROM machine_host WHERE "seenAt" > now() - ${HOST_TIMEOUT}::text::interval
      ORDER BY "seenAt" DESC`,
  )
  return { online, capable: online.filter((host) => parseHostFacts(host).problem === null) }
}
