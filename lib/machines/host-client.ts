import { issueHostToken } from './host-token'

/** Endpoints of a host's server, except consoles, relative to its URL. */
export const hostPaths = {
  /** POST: syncs forwarded ports; responds when done. */
  ports: '/ports',
  /** Upgrade to `tcp`: a connection to a port of the guest. */
  tunnel: (machineId: string, port: number) => `/machines/${machineId}/ports/${port}`,
}
export const TUNNEL_PROTOCOL = 'tcp'

const RESPONSE_TIMEOUT_MS = 5_000

export const hostAuthorizationHeaders = (purpose: string) => ({
  authorization: `Bearer ${issueHostToken(purpose)}`,
})

/** Makes a host sync at once instead of at its next reconcile. @throws {Error} if it does not respond with success */
export async function notifyHost(url: string, endpoint: 'ports') {
  const path = hostPaths[endpoint]
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: hostAuthorizationHeaders(path),
    signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
  })
  if (!response.ok) throw new Error(`host responded ${response.status}`)
}
