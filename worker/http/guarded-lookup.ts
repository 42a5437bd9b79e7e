import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isOutboundAddress, type OutboundPolicy } from '@/lib/http/outbound-url'
import * as messages from '@/lib/generated/messages/connection-errors'

/**
 * Creates a `dns.lookup` for connections that fails for a host name if any of its addresses is refused: what is checked is
 * what the connection uses, so that a DNS answer cannot change in between. Node.js does not call it for a URL with an IP
 * address, which `parseOutboundUrl` checks.
 */
export function createGuardedLookup(policy: OutboundPolicy): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, [])
      const refused = addresses.find(({ address }) => !isOutboundAddress(address, policy))
      if (refused)
        return done(policy.refuse(messages.privateAddress({ hostname, address: refused.address })), [])
      if (options.all) return done(null, addresses)
      done(null, addresses[0]!.address, addresses[0]!.family)
    })
  }
}
