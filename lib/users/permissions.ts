import type { Db, Tx } from '../database/db'
import { AppError } from '../errors'

/** What an administrator can withdraw from a user, with the error of an attempt. */
const PERMISSIONS = {
  canUseMachines: { code: 'machine.not_allowed', what: 'use machines' },
  canUseInternet: { code: 'machine.internet_not_allowed', what: 'give machines internet access' },
  canForwardPorts: { code: 'port.not_allowed', what: 'forward ports' },
  canUseWebhooks: { code: 'webhook.not_allowed', what: 'use webhooks' },
} as const

export type UserPermission = keyof typeof PERMISSIONS

/**
 * Checks that a user has permissions.
 * @throws {AppError} machine.not_allowed, machine.internet_not_allowed, port.not_allowed, webhook.not_allowed
 */
export async function requirePermission(tx: Tx | Db, userId: string, ...permissions: UserPermission[]) {
  const user = await tx.user.findUniqueOrThrow({ where: { id: userId } })
  for (const permission of permissions) {
    if (user[permission]) continue
    const { code, what } = PERMISSIONS[permission]
    const message = `Your account may not ${what}. Ask your administrator.`
    throw new AppError({ code, message, status: 403 })
  }
}

/**
 * Checks that a user may run a machine with this network.
 * @throws {AppError} machine.not_allowed, machine.internet_not_allowed
 */
export const requireMachinePermission = (tx: Tx | Db, userId: string, network: 'none' | 'outbound') =>
  network === 'outbound'
    ? requirePermission(tx, userId, 'canUseMachines', 'canUseInternet')
    : requirePermission(tx, userId, 'canUseMachines')
