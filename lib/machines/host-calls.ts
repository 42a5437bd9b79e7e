import { giveHostToken } from './host-token'

/** What workers that speak for hosts are asked for, besides consoles: paths below the host's address. */
export const hostPaths = {
  /** POST: look at the ports that are to be forwarded, now. Answers when that is done. */
  ports: '/ports',
  /** An upgrade to `tcp`: a connection to that port inside the machine. */
  tunnel: (machineId: string, port: number) => `/machines/${machineId}/ports/${port}`,
}
export const TUNNEL_PROTOCOL = 'tcp'

const ANSWER_MS = 5_000

export const hostAuthorization = (purpose: string) => ({ authorization: `Bearer ${giveHostToken(purpose)}` })

/** Has a host look at something at once. @throws whatever keeps it from answering */
export async function askHost(url: string, what: 'ports') {
  const at = hostPaths[what]
  const answer = await fetch(new URL(at, url), {
    method: 'POST',
    headers: hostAuthorization(at),
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  if (!answer.ok) throw new Error(`the host answered ${answer.status}`)
}
