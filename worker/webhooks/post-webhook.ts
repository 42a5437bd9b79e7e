import { resolveOwnNetworks } from '@/lib/http/own-networks'
import { parseWebhookUrl, webhookPolicy } from '@/lib/webhooks/url-policy'
import { postOnce } from '../http/post-once'

interface Options {
  url: string
  body: string
  headers: Record<string, string>
  signal: AbortSignal
  /** Default: 15 s. */
  timeoutMs?: number
}

/** As `postOnce`. @throws {AppError} webhook.address_refused */
export async function postWebhook({ url, ...request }: Options) {
  const policy = webhookPolicy(await resolveOwnNetworks())
  return postOnce({ target: parseWebhookUrl(url, policy), policy, ...request })
}
