import { AppError } from '../errors'
import { auth } from './auth'
import { db } from '../db'

export interface Identity {
  id: string
  email: string
  name: string
  isAdmin: boolean
}

/** Who asks: by `Authorization: Bearer KEY`, or by session cookie. Null for a stranger. */
export async function identify(headers: Headers): Promise<Identity | null> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  const userId = bearer ? await ownerOfKey(bearer) : (await auth().api.getSession({ headers }))?.user.id
  const user = userId ? await db().user.findUnique({ where: { id: userId } }) : null
  return user && { id: user.id, email: user.email, name: user.name, isAdmin: user.role === 'admin' }
}

/** @throws {AppError} account.sign_in_required */
export async function requireIdentity(headers: Headers) {
  const identity = await identify(headers)
  if (identity) return identity
  throw new AppError({
    code: 'account.sign_in_required',
    message: 'Sign in, or send an API key.',
    status: 401,
  })
}

async function ownerOfKey(key: string) {
  const { valid, key: found } = await auth().api.verifyApiKey({ body: { key } })
  return valid ? found?.referenceId : undefined
}
