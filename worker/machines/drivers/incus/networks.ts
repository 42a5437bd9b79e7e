import ipaddr from 'ipaddr.js'
import { isInNetworks } from '@/lib/http/ip-networks'
import { PRIVATE_RANGES } from '@/lib/http/private-ranges'
import type { Cluster, ServerInfo } from './cluster'
import * as messages from '@/lib/generated/messages/machine-host-texts'

interface Network {
  type: string
  config: Record<string, string>
}

interface Acl {
  egress: { action: string; destination: string; state: string; protocol?: string }[] | null
}

const UNSET = 'INCUS_NETWORK is not set.'

/**
 * Why machines of the network `name` may reach more than the internet, or nothing; null if its ACLs reject private networks and
 * the addresses of the cluster itself.
 */
export async function findNetworkProblem(cluster: Cluster, name: string | undefined) {
  if (!name) return UNSET
  const network = await cluster.find<Network>(`/1.0/networks/${encodeURIComponent(name)}`)
  if (!network) return messages.noNetwork({ value: name })
  const rejected = await listRejected(cluster, network)
  const { environment } = await cluster.request<ServerInfo>({ path: '/1.0' })
  const hosts = (environment.addresses ?? []).map((address) => address.replace(/:\d+$/, ''))
  const open = [...PRIVATE_RANGES.map((range) => range.split('/')[0]!), ...hosts].find(
    (address) => isReachable(address) && !isInNetworks(ipaddr.parse(address), rejected),
  )
  return open
    ? `No ACL of the network ${name} rejects ${open}: machines would reach more than the internet.`
    : null
}

async function listRejected(cluster: Cluster, { config }: Network) {
  const names = (config['security.acls'] ?? '').split(',').filter(Boolean)
  const rejected: string[] = []
  for (const name of names) {
    const acl = await cluster.find<Acl>(`/1.0/network-acls/${encodeURIComponent(name)}`)
    for (const { action, destination, state, protocol } of acl?.egress ?? [])
      if (action !== 'allow' && state === 'enabled' && !protocol) rejected.push(...destination.split(','))
  }
  // Names of other ACLs may be among them.
  return rejected.filter((range) => ipaddr.isValid(range) || ipaddr.isValidCIDR(range))
}

/** A guest has a loopback interface of its own. */
const isReachable = (address: string) =>
  ipaddr.isValid(address) && ipaddr.parse(address).range() !== 'loopback'

/** The network card of a machine: without names of others, and apart from the other machines. */
export async function toNetworkCard(cluster: Cluster, name: string) {
  const { type } = await cluster.request<Network>({ path: `/1.0/networks/${encodeURIComponent(name)}` })
  const card = { type: 'nic', name: 'eth0', network: name }
  if (type !== 'bridge') return card
  const filters = {
    'security.mac_filtering': 'true',
    'security.ipv4_filtering': 'true',
    'security.port_isolation': 'true',
  }
  return { ...card, ...filters }
}
