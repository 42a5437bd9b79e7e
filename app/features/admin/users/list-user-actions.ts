import type { UserDetailDto } from '@/lib/users/schema'

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
    label: 'Sign out everywhere',
    title: `Sign out ${user.email}?`,
    description: 'Signs them out in all browsers within seconds. Their API keys keep working.',
    path: `${path}/sign-out`,
    body: {},
    successMessage: 'Signed out everywhere',
  }
  const resetTwoFactor = {
    label: 'Reset two-factor authentication',
    title: `Reset two-factor authentication of ${user.email}?`,
    description:
      'Removes their authenticator app, recovery codes, and passkeys, and signs them out everywhere. Their password stays the same.',
    path: `${path}/reset-two-factor`,
    body: {},
    successMessage: 'Two-factor authentication reset',
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
        label: 'Make member',
        title: `Make ${email} a member?`,
        description: 'They keep their videos and machines, but can no longer manage the server.',
        body: { role: 'member' },
        successMessage: 'Now a member',
      }
    : {
        label: 'Make administrator',
        title: `Make ${email} an administrator?`,
        description: 'They can manage the server, its queues, and all users.',
        body: { role: 'admin' },
        successMessage: 'Now an administrator',
      }

const changeState = ({ disabledAt, email }: UserDetailDto): Change =>
  disabledAt
    ? {
        label: 'Enable account',
        title: `Enable ${email}?`,
        description: 'They can sign in again, and their API keys work again.',
        body: { isDisabled: false },
        successMessage: 'Account enabled',
      }
    : {
        label: 'Disable account',
        title: `Disable ${email}?`,
        description:
          'They are signed out within seconds and can no longer sign in or use their API keys. Their videos and machines are kept.',
        body: { isDisabled: true },
        successMessage: 'Account disabled',
      }
