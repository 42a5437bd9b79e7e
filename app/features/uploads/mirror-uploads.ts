import type { Dispatch, SetStateAction } from 'react'
import type { UppyInstance } from './create-uppy'
import { type SidecarResult, uploadSidecar } from './sidecars'
import type { UploadFile } from './upload-file'
import {
  createThroughputMeter,
  isArchiveResponse,
  parseUploadId,
  parseVideoId,
  toUploadFailure,
} from './upload-results'

export type SetFiles = Dispatch<SetStateAction<UploadFile[]>>

/** Mirrors Uppy's events as rows, and imports subtitle files once their video is uploaded. */
export function mirrorUploads(uppy: UppyInstance, setFiles: SetFiles) {
  const meters = new Map<string, ReturnType<typeof createThroughputMeter>>()
  const update = (id: string | undefined, changes: Partial<UploadFile>) =>
    setFiles((current) => current.map((file) => (file.id === id ? { ...file, ...changes } : file)))
  uppy.on('file-added', ({ id, name, size, meta }) => {
    meters.set(id, createThroughputMeter())
    const added: UploadFile = {
      id,
      name: name ?? 'video',
      sizeBytes: size ?? 0,
      sentBytes: 0,
      bytesPerSecond: 0,
      state: 'sending',
      sidecars: getSidecars(meta).map((sidecar) => ({ name: sidecar.name })),
    }
    setFiles((current) => [...current.filter((file) => file.id !== id), added])
  })
  uppy.on('upload-progress', (file, progress) => {
    const sentBytes = progress.bytesUploaded || 0
    const bytesPerSecond = meters.get(file?.id ?? '')?.(sentBytes) ?? 0
    update(file?.id, { sentBytes, bytesPerSecond, videoId: parseUploadId(file?.tus?.uploadUrl) })
  })
  uppy.on('upload-success', (file, response) => {
    const videoId = parseVideoId(response.body)
    const isArchive = isArchiveResponse(response.body)
    update(file?.id, { state: 'done', sentBytes: file?.size ?? 0, videoId, isArchive })
    if (!file || !videoId) return
    for (const [index, sidecar] of getSidecars(file.meta).entries())
      void uploadSidecar(videoId, sidecar).then((result) =>
        setFiles((current) =>
          current.map((one) => (one.id === file.id ? withSidecarResult(one, { index, result }) : one)),
        ),
      )
  })
  uppy.on('upload-error', (file, error) => update(file?.id, toUploadFailure(error)))
  uppy.on('upload-retry', (file) => update(file?.id, { state: 'sending', problem: undefined }))
  uppy.on('upload-pause', (file, isPaused) => update(file?.id, { state: isPaused ? 'paused' : 'sending' }))
}

const getSidecars = (meta: Record<string, unknown>) => (meta.sidecars ?? []) as File[]

const withSidecarResult = (
  file: UploadFile,
  { index, result }: { index: number; result: SidecarResult },
): UploadFile => ({
  ...file,
  sidecars: file.sidecars.map((one, n) => (n === index ? { name: one.name, result } : one)),
})
