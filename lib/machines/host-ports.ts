import type { Config } from '../config/config'
import * as messages from '../generated/messages/machine-errors'

type PortConfig = Pick<
  Config,
  'MACHINE_PORT_RANGE' | 'PORT' | 'DATABASE_URL' | 'PUBLIC_URL' | 'MACHINE_HOST_LISTEN' | 'MACHINE_HOST_URL'
>

/** The ports of a host's loopback from which ports of machines may be forwarded. */
export interface ForwardablePorts {
  first: number
  last: number
  /** Ports of the app itself. They are never forwarded, even if the range covers them. */
  reserved: ReadonlySet<number>
}

/** @param listenerPort the port of this host's own server, which the configuration may leave to the system */
export function readForwardablePorts(config: PortConfig, listenerPort?: number): ForwardablePorts {
  const urls = [config.DATABASE_URL, config.PUBLIC_URL, config.MACHINE_HOST_URL]
  const listen = /:(\d+)$/.exec(config.MACHINE_HOST_LISTEN)?.[1]
  const own = [config.PORT, listenerPort, Number(listen), ...urls.map((url) => url && portOf(url))]
  return { ...config.MACHINE_PORT_RANGE, reserved: new Set(own.map(Number).filter(Boolean)) }
}

const DEFAULT_PORTS: Record<string, number> = {
  'http:': 80,
  'https:': 443,
  'postgres:': 5432,
  'postgresql:': 5432,
}

function portOf(url: string) {
  const { port, protocol } = new URL(url)
  return Number(port) || DEFAULT_PORTS[protocol]
}

/** Why a port of the host must not be forwarded, or null. */
export function findForwardingProblem(hostPort: number, { first, last, reserved }: ForwardablePorts) {
  if (hostPort < first || hostPort > last) return messages.portOutOfRange({ port: hostPort, first, last })
  return reserved.has(hostPort) ? messages.portOfApp({ port: hostPort }) : null
}
