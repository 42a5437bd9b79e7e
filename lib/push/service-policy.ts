import * as messages from '@/lib/generated/messages/push-errors'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { config } from '../config/config'
import { AppError } from '../errors'
import { isInNetworks } from '../http/ip-networks'
import { bareHostname, type OutboundPolicy, parseOutboundUrl } from '../http/outbound-url'

/** Where push messages may be sent: public addresses, and networks in PUSH_ALLOW_PRIVATE. */
export const pushPolicy = (own?: readonly string[]): OutboundPolicy => ({
  allowed: config().PUSH_ALLOW_PRIVATE,
  own,
  refuse: endpointRefusedError,
})

/**
 * Parses and validates the endpoint of a subscription, which browsers get from their push service but clients can choose:
 * only hosts in PUSH_SERVICES are accepted, by HTTPS. @throws {AppError} push.endpoint_refused
 */
export function parsePushEndpoint(text: string, policy = pushPolicy()) {
  const url = parseOutboundUrl(text, policy)
  const host = bareHostname(url)
  if (!config().PUSH_SERVICES.some((service) => matchesService(host, service)))
    throw endpointRefusedError(messages.serviceNotAllowed({ host }))
  const isPrivate = isIP(host) !== 0 && isInNetworks(ipaddr.process(host), policy.allowed)
  if (url.protocol !== 'https:' && !isPrivate) throw endpointRefusedError(messages.httpsOnly())
  return url
}

/** `*.example.com` matches all names below example.com. */
const matchesService = (host: string, service: string) =>
  service.startsWith('*.') ? host.endsWith(service.slice(1)) : host === service

const endpointRefusedError = (reason: string) =>
  new AppError({
    code: 'push.endpoint_refused',
    message: messages.endpointRefused({ reason }),
    status: 422,
  })
