import { issueHostToken } from './host-token'

/** What workers that speak for hosts are asked for, besides consoles: paths below the host's address. */
export const hostPaths = {
  /** POST: look at the ports that are to be forwarded, now. Answers when that is done. */
  ports: '/ports',
  /** An upgrade to `tcp`: a connection to that port inside the machine. */
  tunnel: (machineId: string, port: number) => `/machines/${machineId}/ports/${port}`,
}
export const TUNNEL_PROTOCOL = 'tcp'

const RESPONSE_TIMEOUT_MS = 5_000

export const hostAuthorizationHeaders = (purpose: string) => ({
  authorization: `Bearer ${issueHostToken(purpose)}`,
})

/** Has a host look at something at once. @throws whatever keeps it from answering */
export async function notifyHost(url: string, what: 'ports') {
  const at = hostPaths[what]
  const answer = await fetch(new URL(at, url), {
    method: 'POST',
    headers: hostAuthorizationHeaders(at),
    signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
  })
  if (!answer.ok) throw new Error(`the host answered ${answer.status}`)
}
