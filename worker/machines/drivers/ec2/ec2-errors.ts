import { AppError, errorMessage, PermanentError, RetryLater } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

const CAPACITY_CODES = ['InsufficientInstanceCapacity', 'InsufficientHostCapacity', 'SpotMaxPriceTooLow']
const LIMIT_CODES = [
  'InstanceLimitExceeded',
  'VcpuLimitExceeded',
  'MaxSpotInstanceCountExceeded',
  'VolumeLimitExceeded',
]
/** Handled where they occur. */
const EXPECTED_CODES = ['InvalidInstanceID.NotFound', 'IdempotentParameterMismatch', 'UnsupportedOperation']
/** AWS advises to wait for minutes. */
const CAPACITY_RETRY_MS = 60_000

/** The code of an error of the service or of the SDK, such as `InvalidInstanceID.NotFound`. */
const codeOf = (error: unknown) => (error as { name?: string } | null)?.name ?? ''

/** No such instance, or none yet: what was just created becomes visible with a delay. */
export const isMissingInstance = (error: unknown) => codeOf(error) === 'InvalidInstanceID.NotFound'

/** The client token belongs to an earlier request that differs from this one. */
export const isTokenUsed = (error: unknown) => codeOf(error) === 'IdempotentParameterMismatch'

/** Only instances of the Nitro system have the latest output of their console. */
export const isLatestUnsupported = (error: unknown) => codeOf(error) === 'UnsupportedOperation'

/** Maps an error of the SDK to one that the app can report, apart from those that the driver handles. */
export function toMachineError(error: unknown) {
  const code = codeOf(error)
  if (EXPECTED_CODES.includes(code)) return error
  if (CAPACITY_CODES.includes(code))
    return new RetryLater(CAPACITY_RETRY_MS, 'EC2 has no capacity for this instance type at the moment')
  if (LIMIT_CODES.includes(code))
    return new PermanentError({
      code: 'machine.no_room',
      message: messages.cloudLimits({ code }),
      advice: messages.cloudLimitsAdvice(),
      cause: error,
    })
  const { $fault, $metadata } = error as { $fault?: string; $metadata?: { httpStatusCode?: number } }
  const isRefused = $fault === 'client' && ($metadata?.httpStatusCode ?? 500) < 500
  return new AppError({
    code: isRefused ? 'machine.cloud_refused' : 'machine.cloud_unavailable',
    message: (isRefused ? messages.cloudRefused : messages.cloudUnavailable)({
      code,
      reason: errorMessage(error),
    }),
    status: isRefused ? 502 : 503,
    cause: error,
  })
}
