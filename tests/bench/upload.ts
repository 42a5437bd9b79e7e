import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { copyFile, truncate } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { S3Options } from '@/lib/storage/s3/s3-client'
import { generateMedia } from '@/tests/support/generate-media'
import { median, type Measurement, measureMs } from './measurement'
import { sendFile } from './send-file'

const SIZE_BYTES = 1024 ** 3
const ROUNDS = 5
const MiB = 1024 ** 2
/** The test service keeps objects in memory, for some seconds also those that were removed. */
const S3_SIZE_BYTES = 400 * MiB
const S3_ROUNDS = 3

/** Compares an upload by tus with a bare Node server that writes the request body to disk, in alternating rounds. */
export async function benchmarkUpload(options: { url: string; key: string }): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  const file = await createLargeFile(dir, SIZE_BYTES)
  const bare = createServer((request, response) => {
    void pipeline(request, createWriteStream(path.join(dir, 'bare'))).then(() => response.end())
  })
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve))
  const { port } = bare.address() as { port: number }
  try {
    const bareMs: number[] = []
    const tusMs: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      bareMs.push(await measureMs(() => sendFile(`http://127.0.0.1:${port}`, file, { method: 'POST' })))
      tusMs.push(await uploadByTus(options, { file, sizeBytes: SIZE_BYTES }))
    }
    return compareThroughput({
      sizeBytes: SIZE_BYTES,
      tusMs,
      bareMs,
      bare: 'bare stream to disk',
      aim: '≥ 0.70',
    })
  } finally {
    bare.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/**
 * Compares an upload by tus into a bucket with a multipart upload into it by the SDK with its defaults, in alternating
 * rounds.
 */
export async function benchmarkS3Upload(
  options: { url: string; key: string },
  bucket: S3Options,
): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  const file = await createLargeFile(dir, S3_SIZE_BYTES)
  const { endpoint, region, credentials } = bucket
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  const putBare = async () => {
    const params = { Bucket: bucket.bucket, Key: 'bare', Body: createReadStream(file) }
    await new Upload({ client, params, partSize: 8 * MiB }).done()
  }
  try {
    const bareMs: number[] = []
    const tusMs: number[] = []
    await putBare()
    for (let round = 0; round < S3_ROUNDS; round++) {
      tusMs.push(await uploadByTus(options, { file, sizeBytes: S3_SIZE_BYTES }))
      bareMs.push(await measureMs(putBare))
    }
    return compareThroughput({
      sizeBytes: S3_SIZE_BYTES,
      tusMs,
      bareMs,
      bare: 'bare multipart into S3',
      aim: '≥ 0.80',
    })
  } finally {
    client.destroy()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The throughput of both uploads and their ratio. */
function compareThroughput(options: {
  sizeBytes: number
  tusMs: number[]
  bareMs: number[]
  bare: string
  aim: string
}): Measurement[] {
  const { sizeBytes, bare, aim } = options
  const [tusMs, bareMs] = [median(options.tusMs), median(options.bareMs)]
  const rate = (ms: number) => sizeBytes / 1e6 / (ms / 1000)
  return [
    { name: `upload by tus, against ${bare}, MB`, value: rate(tusMs), unit: 'per second' },
    { name: `upload, ${bare}, MB`, value: rate(bareMs), unit: 'per second' },
    { name: `upload by tus / ${bare}, throughput`, value: bareMs / tusMs, unit: 'ratio', aim },
  ]
}

/** A real MP4 padded with zeros, so that the upload is accepted and processing fails fast. */
async function createLargeFile(dir: string, sizeBytes: number) {
  const file = path.join(dir, 'large.mp4')
  await copyFile(await generateMedia('web-safe.mp4'), file)
  await truncate(file, sizeBytes)
  return file
}

async function uploadByTus(
  { url, key }: { url: string; key: string },
  { file, sizeBytes }: { file: string; sizeBytes: number },
) {
  const common = { authorization: `Bearer ${key}`, 'tus-resumable': '1.0.0' }
  const created = await fetch(`${url}/api/uploads`, {
    method: 'POST',
    headers: {
      ...common,
      'upload-length': String(sizeBytes),
      'upload-metadata': `filename ${btoa('large.mp4')}`,
    },
  })
  const headers = { ...common, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
  const uploadUrl = new URL(created.headers.get('location')!, url).href
  const startedAt = performance.now()
  const { videoId } = (await sendFile(uploadUrl, file, { method: 'PATCH', headers })) as { videoId: string }
  const ms = performance.now() - startedAt
  await fetch(`${url}/api/v1/videos/${videoId}`, { method: 'DELETE', headers: common })
  return ms
}
