import { getIP } from 'better-auth/api'

/** The address that attempts are counted by: IPv4, or the /64 network of IPv6. `setClientIp` has set the header. */
export const clientAddress = (headers: Headers | undefined) => (headers && getIP(headers, {})) ?? 'unknown'
