import { decryptSecret, encryptSecret } from '../accounts/encrypt-secret'
import type { PushSubscription } from '../generated/prisma/client'
import type { SubscriptionInput } from './schema'

/** Encrypts where and how to send to a browser, for the database. */
export const encryptSubscription = (input: SubscriptionInput) => encryptSecret(JSON.stringify(input))

/** Null if AUTH_SECRET has changed since: then the key pair of this server has changed too, and the subscription is of no use. */
export async function decryptSubscription({ secret }: Pick<PushSubscription, 'secret'>) {
  const text = await decryptSecret(secret).catch(() => null)
  return text === null ? null : (JSON.parse(text) as SubscriptionInput)
}
