import { EC2Client } from '@aws-sdk/client-ec2'
import { createRetryStrategy } from '@/lib/aws/retry-strategy'
import { toMachineError } from './ec2-errors'
import type { Ec2Settings } from './ec2-settings'

const CONNECT_TIMEOUT_MS = 5_000
/** Without a byte in either direction; the request is then repeated. */
const IDLE_TIMEOUT_MS = 30_000

type ClientSettings = Pick<Ec2Settings, 'region' | 'endpoint' | 'credentials' | 'patienceMs'>

/** Of all clients of AWS: they repeat what may succeed. */
export const toClientConfig = ({ region, endpoint, credentials, patienceMs }: ClientSettings) => ({
  region,
  endpoint,
  credentials,
  retryStrategy: createRetryStrategy(patienceMs),
  requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: IDLE_TIMEOUT_MS },
})

/** A client whose requests fail with errors of `toMachineError`. */
export function createEc2Client(settings: ClientSettings) {
  const client = new EC2Client(toClientConfig(settings))
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args)
      } catch (error) {
        throw toMachineError(error)
      }
    },
    { step: 'initialize', priority: 'high', name: 'mapErrors' },
  )
  return client
}
