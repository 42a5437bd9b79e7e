/**
 * What no machine reaches unless an administrator says otherwise: private networks, those of providers,
 * and what is on the same link, where clouds keep their secrets (RFC 1918, 6598, 3927).
 */
export const PRIVATE_RANGES = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
]
