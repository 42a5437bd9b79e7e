import { APIError } from 'better-auth/api'
import { db } from '../database/db'
import { auth } from './auth'

/**
 * The session whose cookie came with a request. better-auth says of every failure alike that it could not look, so the
 * database is asked whether it is there.
 * @throws what the database throws while it is away
 */
export async function readSession(headers: Headers) {
  const look = () => auth().api.getSession({ headers })
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof APIError) || error.statusCode !== 500) throw error
    await db().$queryRaw`SELECT 1`
    return await look()
  }
}
