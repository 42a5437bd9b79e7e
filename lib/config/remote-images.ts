import type { MachineKind } from '../machines/capabilities'

/** An image of a server that a cluster can fetch it from. */
export interface RemoteImage {
  /** `https://HOST[:PORT][/PATH]`. */
  server: string
  /** `cluster`: another Incus or LXD, whose image is public. */
  protocol: 'simplestreams' | 'cluster'
  alias: string
  /** Unset: virtual machines where the cluster has them. */
  kind?: MachineKind
  /** SHA-256 of the certificate of the server, in hex. Unset: it must be valid for the authorities that the cluster trusts. */
  certificate?: string
}

/** Short for the public server of Incus. */
const IMAGES_SERVER = 'https://images.linuxcontainers.org'
const KINDS: readonly string[] = ['vm', 'container'] satisfies MachineKind[]

/**
 * Parses `NAME=SOURCE,NAME=SOURCE`. A source is `images:ALIAS`, `https://HOST#ALIAS` of a simplestreams server, or
 * `incus+https://HOST:8443#ALIAS`; before `#`, or after the alias of `images:`, `?type=vm|container&certificate=SHA256` may
 * follow.
 * @throws {Error} naming what is wrong
 */
export function parseRemoteImages(list: string): Record<string, RemoteImage> {
  const entries = list
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((entry) => {
      const [, name, source] = /^([A-Za-z0-9][\w.-]{0,60})=(.+)$/.exec(entry) ?? []
      if (!name || !source) throw new Error(`is not NAME=SOURCE,NAME=SOURCE,…: ${entry}`)
      return [name, parseSource(source)] as const
    })
  return Object.fromEntries(entries)
}

function parseSource(source: string): RemoteImage {
  if (!URL.canParse(source)) throw new Error(`has a source that is no URL: ${source}`)
  const url = new URL(source)
  const isShort = url.protocol === 'images:'
  const alias = decodeURIComponent(isShort ? url.pathname : url.hash.slice(1))
  if (!isShort && !['https:', 'incus+https:'].includes(url.protocol))
    throw new Error(`has a source that begins with none of images:, https://, incus+https://: ${source}`)
  if (!/^[\w./-]+$/.test(alias)) throw new Error(`has a source without an alias: ${source}`)
  const { type, certificate, ...unknown } = Object.fromEntries(url.searchParams)
  if (Object.keys(unknown).length > 0 || url.username)
    throw new Error(`has a source with something else than type and certificate: ${source}`)
  if (type !== undefined && !KINDS.includes(type))
    throw new Error(`has a type other than vm and container: ${source}`)
  if (certificate !== undefined && !/^[0-9a-f]{64}$/.test(certificate))
    throw new Error(`has a certificate that is no SHA-256 in hex: ${source}`)
  return {
    server: isShort ? IMAGES_SERVER : `https://${url.host}${url.pathname.replace(/\/$/, '')}`,
    protocol: url.protocol === 'incus+https:' ? 'cluster' : 'simplestreams',
    alias,
    kind: type as MachineKind | undefined,
    certificate,
  }
}
