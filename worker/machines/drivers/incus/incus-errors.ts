import { AppError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

/** The cluster did not respond: a retry may succeed. */
export const clusterUnavailable = (cause: unknown) =>
  new AppError({
    code: 'machine.cluster_unavailable',
    message: messages.clusterUnavailable(),
    status: 503,
    cause,
  })

/** `status` is the one of the cluster, for `isNotFound`; the message names its reason. */
export const clusterRefused = (status: number, reason: string) => new ClusterError(reason, status)

export const consoleBusy = () =>
  new AppError({
    code: 'machine.busy',
    message: messages.consoleBusy(),
    status: 409,
  })

class ClusterError extends AppError {
  constructor(
    readonly reason: string,
    readonly clusterStatus: number,
  ) {
    super({
      code: 'machine.cluster_refused',
      message: messages.clusterRefused({ reason }),
      status: 502,
    })
  }
}

/** The reason that the cluster gave; undefined for another error. */
export const refusalReason = (error: unknown) => (error instanceof ClusterError ? error.reason : undefined)

export const isNotFound = (error: unknown) => error instanceof ClusterError && error.clusterStatus === 404
