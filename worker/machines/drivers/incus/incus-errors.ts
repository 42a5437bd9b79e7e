import { AppError } from '@/lib/errors'

/** The cluster did not respond: a retry may succeed. */
export const clusterUnavailable = (cause: unknown) =>
  new AppError({
    code: 'machine.cluster_unavailable',
    message: 'The cluster that runs machines cannot be reached.',
    status: 503,
    cause,
  })

/** `status` is the one of the cluster, for `isNotFound`; the message names its reason. */
export const clusterRefused = (status: number, reason: string) =>
  new ClusterError(`The cluster that runs machines refused this: ${reason}`, status)

export const consoleBusy = () =>
  new AppError({
    code: 'machine.busy',
    message: 'Another client of the cluster has opened the console of this machine.',
    status: 409,
  })

class ClusterError extends AppError {
  constructor(
    message: string,
    readonly clusterStatus: number,
  ) {
    super({ code: 'machine.cluster_refused', message, status: 502 })
  }
}

export const isNotFound = (error: unknown) => error instanceof ClusterError && error.clusterStatus === 404
