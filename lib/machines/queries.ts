import { escapePattern } from '../database/escape-pattern'
import { z } from 'zod'
import type { Db, Tx } from '../database/db'
import { notFound } from '../errors'
import { MachineState } from '../generated/prisma/enums'
import type { MachineHost, Prisma } from '../generated/prisma/client'
import { sanitizeText } from '../text/sanitize'
import { readStoredError } from '../tasks/stored-error'
import { toTaskDtos } from '../tasks/to-task-dto'
import type { MachineDto } from './schema'
import { parseHostFacts, parseHostImages, readOnlineHostIds } from './hosts'
import { findImageNamed } from './image-names'
import { findOffer } from './offers'
import { executeScriptTask, stateChangingKindNames } from './tasks'
import { translateHostText, translateOptionalHostText } from './host-texts'

const includeMachineParts = {
  host: true,
  order: { select: { number: true } },
  ports: { select: { guestPort: true, hostPort: true, problem: true }, orderBy: { guestPort: 'asc' } },
  tasks: {
    where: { kind: { in: [...stateChangingKindNames, executeScriptTask.name] } },
    orderBy: { id: 'desc' },
    select: { id: true, kind: true },
  },
} satisfies Prisma.MachineInclude

type MachineRow = Prisma.MachineGetPayload<{ include: typeof includeMachineParts }>

/** Query of a list of machines, without terminated ones unless `state` selects them. */
export const machineListSchema = z.object({
  search: z.string().overwrite(sanitizeText).optional().describe('Substring of the name'),
  state: z.enum(MachineState).optional(),
  cursor: z.uuid().optional().describe('nextCursor of the previous page'),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})

interface MachineFilter extends z.infer<typeof machineListSchema> {
  ownerId: string
  /** Selects by ID in any state. */
  ids?: string[]
}

/** Lists a page of machines, newest first; 50 by default. */
export async function listMachines(db: Db, filter: MachineFilter) {
  const limit = filter.limit ?? 50
  const rows = await db.machine.findMany({
    where: {
      ownerId: filter.ownerId,
      id: filter.ids && { in: filter.ids },
      state: filter.state ?? (filter.ids ? undefined : { not: 'terminated' }),
      name: filter.search ? { contains: escapePattern(filter.search), mode: 'insensitive' } : undefined,
      // Not a Prisma cursor: its row may no longer match the filter.
      AND: filter.cursor ? { id: { lt: filter.cursor } } : undefined,
    },
    orderBy: { id: 'desc' },
    take: limit + 1,
    include: includeMachineParts,
  })
  const page = rows.slice(0, limit)
  const onlineHostIds = await readOnlineHostIds(db)
  const machines = page.map((row) => toMachineDto(row, onlineHostIds))
  return { machines, nextCursor: rows.length > limit ? page.at(-1)!.id : null }
}

/** @throws {AppError} machine.not_found, also for another user's machine */
export async function getMachine(db: Db | Tx, where: { id: string; ownerId: string }) {
  const row = await db.machine.findFirst({ where, include: includeMachineParts })
  if (!row) throw notFound('machine')
  return toMachineDto(row, await readOnlineHostIds(db))
}

/** Gets a machine with its newest state-changing task: the response to a change. */
export async function getMachineWithTask(db: Db, where: { id: string; ownerId: string }) {
  const machine = await getMachine(db, where)
  const task = machine.taskId && (await db.task.findUnique({ where: { id: machine.taskId } }))
  return { machine, task: task ? (await toTaskDtos(db, [task]))[0]! : null }
}

/** Maps a row to its API representation. `tasks` are newest first. */
export function toMachineDto(row: MachineRow, onlineHostIds: ReadonlySet<string>): MachineDto {
  return {
    id: row.id,
    order: row.order?.number ?? 0,
    name: row.name,
    image: row.image,
    size: { name: row.sizeName, cpus: row.cpus, memoryMiB: row.memoryMiB, diskMiB: row.diskMiB },
    state: row.state,
    desired: row.desired,
    error: toErrorDto(readStoredError(row.error)),
    host: row.host && toHostDto(row.host, row, onlineHostIds),
    network: row.network,
    ports: row.ports.map((port) => ({ ...port, problem: translateOptionalHostText(port.problem) })),
    sshKeys: row.sshKeys,
    tags: row.tags,
    hasUserData: row.userData !== null,
    isProtected: row.isProtected,
    isKeptRunning: row.isKeptRunning,
    autoStopMinutes: row.autoStopMinutes,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    startedAt: row.startedAt?.toISOString() ?? null,
    terminatedAt: row.terminatedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    version: row.version,
    taskId: row.tasks.find((task) => task.kind !== executeScriptTask.name)?.id ?? null,
    scriptTaskId: row.tasks.find((task) => task.kind === executeScriptTask.name)?.id ?? null,
  }
}

const toErrorDto = (error: MachineDto['error']) =>
  error && { ...error, message: translateHostText(error.message) }

function toHostDto(
  host: MachineHost,
  machine: Pick<MachineRow, 'image' | 'cpus' | 'memoryMiB'>,
  onlineHostIds: ReadonlySet<string>,
) {
  const { kinds, capabilities, isAccelerated, note, offers } = parseHostFacts(host)
  const [onlyKind, otherKind] = kinds
  const kind = otherKind ? findImageNamed(parseHostImages(host), machine.image)?.kind : onlyKind
  return {
    name: host.name,
    isLost: !onlineHostIds.has(host.id),
    kind: kind ?? onlyKind ?? 'vm',
    capabilities,
    offer: findOffer(offers, machine) ?? null,
    isAccelerated,
    note,
  }
}
