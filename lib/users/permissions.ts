import * as messages from '@/lib/generated/messages/user-errors'
import type { Db, Tx } from '../database/db'
import { AppError } from '../errors'
import type { User } from '../generated/prisma/client'

/** What an administrator can withdraw from a user, with the error of an attempt. */
const PERMISSIONS = {
  canUseMachines: { code: 'machine.not_allowed', describe: messages.mayNotUseMachines },
  canUseInternet: { code: 'machine.internet_not_allowed', describe: messages.mayNotUseInternet },
  canForwardPorts: { code: 'port.not_allowed', describe: messages.mayNotForwardPorts },
  canUseWebhooks: { code: 'webhook.not_allowed', describe: messages.mayNotUseWebhooks },
} as const

export type UserPermission = keyof typeof PERMISSIONS

/** Why a user may not do something, for the user to read; null if allowed. */
export async function findPermissionProblem(db: Tx | Db, userId: string, permission: UserPermission) {
  const user = await db.user.findUniqueOrThrow({ where: { id: userId } })
  return user[permission] ? null : PERMISSIONS[permission].describe()
}

/**
 * Checks that a user has permissions.
 * @throws {AppError} machine.not_allowed, machine.internet_not_allowed, port.not_allowed, webhook.not_allowed
 */
export async function requirePermission(tx: Tx | Db, userId: string, ...permissions: UserPermission[]) {
  assertPermitted(await tx.user.findUniqueOrThrow({ where: { id: userId } }), permissions)
}

function assertPermitted(user: User, permissions: readonly UserPermission[]) {
  for (const permission of permissions) {
    if (user[permission]) continue
    const { code } = PERMISSIONS[permission]
    throw new AppError({ code, message: PERMISSIONS[permission].describe(), status: 403 })
  }
}

const permissionsForNetwork = {
  none: ['canUseMachines'],
  outbound: ['canUseMachines', 'canUseInternet'],
} as const

/**
 * Checks that a user may run a machine with this network.
 * @throws {AppError} machine.not_allowed, machine.internet_not_allowed
 */
export const requireMachinePermission = (
  tx: Tx | Db,
  userId: string,
  network: keyof typeof permissionsForNetwork,
) => requirePermission(tx, userId, ...permissionsForNetwork[network])

/** As `requireMachinePermission`, for a user who was read. */
export const assertMachinePermitted = (user: User, network: keyof typeof permissionsForNetwork) =>
  assertPermitted(user, permissionsForNetwork[network])
