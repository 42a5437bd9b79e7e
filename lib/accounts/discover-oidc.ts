import { setTimeout as sleep } from 'node:timers/promises'
import { log } from '../log'

const RETRY_INTERVAL_MS = 10_000
const TIMEOUT_MS = 10_000

/**
 * Waits until the discovery document of an OpenID Connect provider can be read. Never ends while it cannot; keeps no
 * process alive.
 */
export async function waitForOidcProvider(discoveryUrl: string) {
  for (let isFirst = true; ; isFirst = false) {
    try {
      const response = await fetch(discoveryUrl, { signal: AbortSignal.timeout(TIMEOUT_MS) })
      await response.body?.cancel()
      if (response.ok) return
      throw new Error(`status ${response.status}`)
    } catch (error) {
      if (isFirst) log.warn({ err: error, discoveryUrl }, 'OpenID Connect provider unavailable')
    }
    await sleep(RETRY_INTERVAL_MS, undefined, { ref: false })
  }
}
