import { APIError } from 'better-auth/api'
import { db } from '../database/db'
import { auth } from './auth'

/**
 * The session of a request's cookie. better-auth reports every failure as the same error, so the database is queried to
 * determine whether it is available.
 * @throws the database's error while it is unavailable
 */
export async function readSession(headers: Headers) {
  const getSession = () => auth().api.getSession({ headers })
  try {
    return await getSession()
  } catch (error) {
    if (!(error instanceof APIError) || error.statusCode !== 500) throw error
    await db().$queryRaw`SELECT 1`
    return await getSession()
  }
}
