import { UploadPartCommand } from '@aws-sdk/client-s3'
import { Semaphore } from '../../concurrency/semaphore'
import type { ResumableWrite } from '../storage'
import type { Bucket } from './bucket'

const MAX_PARTS_IN_PROGRESS = 4
/** Parts of all uploads of this process that are being sent, which bounds its memory. */
const sending = new Semaphore(16)

/** Sends the parts of one multipart upload, some at a time. */
export class PartWriter {
  readonly #inProgress = new Set<Promise<void>>()
  #failure: { error: unknown } | null = null

  constructor(
    private readonly bucket: Bucket,
    private readonly upload: ResumableWrite,
    private nextNumber: number,
  ) {}

  /** Resolves once it may be called again. @throws the error of this or an earlier part */
  async write(body: Buffer) {
    const number = this.nextNumber++
    const part = sending
      .run('parts', () => this.#send(body, number))
      .catch((error: unknown) => void (this.#failure ??= { error }))
      .finally(() => this.#inProgress.delete(part))
    this.#inProgress.add(part)
    if (this.#inProgress.size >= MAX_PARTS_IN_PROGRESS) await Promise.race(this.#inProgress)
    this.#throwFailure()
  }

  /** Resolves once no part is in progress. @throws the error of a part */
  async settle() {
    await Promise.all(this.#inProgress)
    this.#throwFailure()
  }

  async #send(body: Buffer, number: number) {
    const { bucket, upload } = this
    const command = new UploadPartCommand({
      ...bucket.locate(upload.key),
      UploadId: upload.id,
      PartNumber: number,
      Body: body,
    })
    await bucket.run(() => bucket.client.send(command))
  }

  #throwFailure() {
    if (this.#failure) throw this.#failure.error
  }
}
