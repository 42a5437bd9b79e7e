import type { UserDetailDto } from '@/lib/users/schema'
import * as messages from '@/lib/generated/messages/admin-users'

export interface UserAction {
  label: string
  /** Of the confirmation. */
  title: string
  description: string
  path: string
  method?: string
  body: object
  successMessage: string
}

/** What an administrator can do with a user in its current state. Administrators cannot disable themselves. */
export function listUserActions(user: UserDetailDto, isSelf: boolean): UserAction[] {
  const path = `users/${user.id}`
  const signOut = {
    label: messages.signOut(),
    title: messages.signOutTitle({ email: user.email }),
    description: messages.signOutHint(),
    path: `${path}/sign-out`,
    body: {},
    successMessage: messages.signedOut(),
  }
  const resetTwoFactor = {
    label: messages.resetTwoFactor(),
    title: messages.resetTwoFactorTitle({ email: user.email }),
    description: messages.resetTwoFactorHint(),
    path: `${path}/reset-two-factor`,
    body: {},
    successMessage: messages.twoFactorReset(),
  }
  const changes = isSelf ? [changeRole(user)] : [changeRole(user), changeState(user)]
  return [
    signOut,
    ...(user.hasTwoFactor ? [resetTwoFactor] : []),
    ...changes.map((change) => ({ ...change, path, method: 'PATCH' })),
  ]
}

type Change = Omit<UserAction, 'path' | 'method'>

const changeRole = ({ role, email }: UserDetailDto): Change =>
  role === 'admin'
    ? {
        label: messages.makeMember(),
        title: messages.makeMemberTitle({ email }),
        description: messages.makeMemberHint(),
        body: { role: 'member' },
        successMessage: messages.nowMember(),
      }
    : {
        label: messages.makeAdministrator(),
        title: messages.makeAdministratorTitle({ email }),
        description: messages.makeAdministratorHint(),
        body: { role: 'admin' },
        successMessage: messages.nowAdministrator(),
      }

const changeState = ({ disabledAt, email }: UserDetailDto): Change =>
  disabledAt
    ? {
        label: messages.enable(),
        title: messages.enableTitle({ email }),
        description: messages.enableHint(),
        body: { isDisabled: false },
        successMessage: messages.enabled(),
      }
    : {
        label: messages.disable(),
        title: messages.disableTitle({ email }),
        description: messages.disableHint(),
        body: { isDisabled: true },
        successMessage: messages.accountDisabled(),
      }
