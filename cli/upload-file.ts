import { createReadStream } from 'node:fs'
import path from 'node:path'
import { type DetailedError, Upload } from 'tus-js-client'
import { ApiError, type MeanwhileClient } from '../client/client'
import type { Problem } from '../client/operations'
import { CliError, EXIT } from './exit-codes'
import { uploadUrls } from './upload-urls'

/** As in the browser: a lost connection or a restart of the server interrupts nothing. */
const RETRY_DELAYS_MS = [0, 1_000, 3_000, 5_000, 10_000, 30_000, 30_000, 30_000]

interface Options {
  client: MeanwhileClient
  file: string
  sizeBytes: number
  language?: string
  signal: AbortSignal
  onProgress(sentBytes: number): void
  /** Called if a part had arrived, in an earlier run or before the connection was lost. */
  onResume(receivedBytes: number): void
}

/**
 * Uploads a file by tus and resumes where an earlier run ended. Returns the id of the video.
 * @throws {ApiError} if the server refuses the file. @throws {CliError} if it cannot be reached
 */
export async function uploadFile(options: Options) {
  const { client, file, sizeBytes, language, signal } = options
  const stream = createReadStream(file)
  const upload = await new Promise<Upload>((resolve, reject) => {
    const started = new Upload(stream as unknown as Buffer, {
      endpoint: new URL('/api/uploads', client.url).href,
      headers: client.authorization,
      metadata: { filename: path.basename(file), ...(language && { language }) },
      uploadSize: sizeBytes,
      retryDelays: RETRY_DELAYS_MS,
      urlStorage: uploadUrls,
      removeFingerprintOnSuccess: true,
      onProgress: options.onProgress,
      onAfterResponse(request, response) {
        const receivedBytes = Number(response.getHeader('Upload-Offset'))
        if (request.getMethod() === 'HEAD' && receivedBytes > 0) options.onResume(receivedBytes)
      },
      onSuccess: () => resolve(started),
      onError: (error) => reject(toUploadError(error)),
    })
    signal.addEventListener('abort', () => {
      void started.abort()
      reject(signal.reason as Error)
    })
    startOrResume(started).catch(reject)
  }).finally(() => stream.destroy())
  // The video has the id of its upload.
  return upload.url!.split('/').at(-1)!
}

async function startOrResume(upload: Upload) {
  const [previous] = await upload.findPreviousUploads()
  if (previous) upload.resumeFromPreviousUpload(previous)
  upload.start()
}

function toUploadError(error: Error | DetailedError) {
  const response = 'originalResponse' in error ? error.originalResponse : null
  if (!response) {
    const message = 'The connection was lost. Run the same command again to resume.'
    return new CliError(message, EXIT.unreachable)
  }
  const status = response.getStatus()
  try {
    const problem = JSON.parse(response.getBody()) as Problem
    if (problem.code) return new ApiError({ ...problem, status })
  } catch {
    // Not a response of the app.
  }
  return new CliError(`The server responded ${status} to the upload.`)
}
