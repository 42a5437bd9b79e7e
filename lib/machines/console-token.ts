import { createHash, randomBytes } from 'node:crypto'
import type { Db } from '../database/db'
import { AppError } from '../errors'
import { recordAccess } from './events'
import { getMachine } from './queries'

/** How long a token may wait for its use, in seconds. */
const TOKEN_TTL_SECONDS = 30

const hashToken = (token: string) => createHash('sha256').update(token).digest('hex')

/** A token that opens the console of this machine, once, for this person. @throws {AppError} machine.not_found */
export async function issueConsoleToken(db: Db, { id, ownerId }: { id: string; ownerId: string }) {
  await getMachine(db, { id, ownerId })
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(Date.now() + TOKEN_TTL_SECONDS * 1000)
  await db.consoleToken.deleteMany({ where: { expiresAt: { lt: new Date() } } })
  await db.consoleToken.create({
    data: { hash: hashToken(token), userId: ownerId, machineId: id, expiresAt },
  })
  return { token, expiresAt: expiresAt.toISOString() }
}

/**
 * Uses a token up. Of two who bring the same one, one gets in.
 * @returns the machine and where its console is served
 * @throws {AppError} console.refused, whatever is wrong with it; machine.no_host
 */
export async function redeemConsoleToken(db: Db, { token, userId }: { token: string; userId: string }) {
  const [used] = await db.$queryRaw<{ machineId: string }[]>`
    DELETE FROM console_token WHERE hash = ${hashToken(token)} AND "userId" = ${userId} AND "expiresAt" > now()
    RETURNING "machineId"`
  if (!used)
    throw new AppError({ code: 'console.refused', message: 'The console was not opened.', status: 403 })
  const machine = await db.machine.findFirst({
    where: { id: used.machineId, ownerId: userId },
    include: { host: true },
  })
  if (!machine?.host)
    throw new AppError({
      code: 'machine.no_host',
      message: 'No host has taken this machine yet.',
      status: 409,
    })
  await recordAccess(db, { machineId: machine.id, actorId: userId, action: 'console opened' })
  return { machineId: machine.id, consoleUrl: machine.host.consoleUrl }
}
