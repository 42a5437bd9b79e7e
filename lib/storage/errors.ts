import { AppError, errorMessage } from '../errors'
import * as messages from '../generated/messages/storage-errors'

const MESSAGES = {
  'storage.unavailable': messages.unavailable,
  'storage.credentials': messages.credentials,
  'storage.bucket_missing': messages.bucketMissing,
  'storage.cache_full': messages.cacheFull,
} as const

/**
 * The storage is currently unusable, for a reason that lies neither in the request nor in the file. A task that throws
 * it is postponed and spends no attempt.
 */
export class StorageUnavailable extends AppError {
  /** @param reason for logs and administrators */
  constructor(code: keyof typeof MESSAGES, reason: string, cause?: unknown) {
    super({ code, status: 503, message: MESSAGES[code](), cause: new Error(reason, { cause }) })
  }

  /** What happened, for logs and administrators. */
  get reason() {
    return (this.cause as Error).message
  }
}

/** An error of a storage for operators. */
export const describeStorageError = (error: unknown) =>
  error instanceof StorageUnavailable ? `${error.message} ${error.reason}` : errorMessage(error)

/** The file in storage is not the one that was stored. */
export const corruptFile = (key: string, reason: string) =>
  new AppError({
    code: 'storage.corrupt',
    status: 500,
    message: messages.damaged(),
    cause: new Error(`${key}: ${reason}`),
  })
