'use client'

import { createContext, type ReactNode, useContext, useMemo, useRef, useState } from 'react'
import { loadLater } from '@/app/ui/load-later'
import { useBeforeunload } from '@/app/ui/use-beforeunload'
import * as messages from '@/lib/generated/messages/uploads'
import { OTHER_MEDIA_FILES, SIDECAR_FILES } from './accepted-files'
import { FileInput } from './file-input'
import { SharedItems } from './shared-items'
import { usePageDrop } from './use-page-drop'
import { useUploadFiles } from './use-upload-files'

interface Uploads {
  addFiles(files: File[]): void
  /** Uploads a file that replaces that of a video. */
  replaceFile(videoId: string, file: File): void
  /** Opens the system's file picker. */
  openFilePicker(): void
  /** Opens the dialog that imports a link, with `url` filled in. */
  openImportDialog(url?: string): void
  /** Whether files are being uploaded, or wait for the connection. */
  isUploading: boolean
  /** Encrypted archives that this page has uploaded. */
  archiveCount: number
}

/** Loaded with the uploader. */
const UploadDock = loadLater(async () => (await import('./upload-dock')).UploadDock)
const ImportDialog = loadLater(async () => (await import('./import-dialog')).ImportDialog)

const UploadContext = createContext<Uploads | null>(null)
export function useUploads() {
  const uploads = useContext(UploadContext)
  if (!uploads) throw new Error('useUploads needs an UploadProvider above it')
  return uploads
}

/** Uploads files that are dropped, pasted or chosen on any page. */
export function UploadProvider({ maxBytes, children }: { maxBytes: number; children: ReactNode }) {
  const { files, setFiles, withUploader } = useUploadFiles()
  const picker = useRef<HTMLInputElement>(null)
  const [importUrl, setImportUrl] = useState<string | null>(null)
  const archiveCount = files.filter(({ isArchive }) => isArchive).length
  const isUploading = files.some(({ state }) => state === 'sending' || state === 'paused')
  const uploads = useMemo<Uploads>(
    () => ({
      isUploading,
      archiveCount,
      openFilePicker: () => picker.current?.click(),
      openImportDialog: (url = '') => setImportUrl(url),
      replaceFile: (videoId, file) =>
        withUploader(({ add }) => add({ files: [file], maxBytes, replacesId: videoId })),
      addFiles: (added) => withUploader(({ add }) => add({ files: added, maxBytes })),
    }),
    [withUploader, maxBytes, isUploading, archiveCount],
  )
  const isDragOver = usePageDrop(uploads.addFiles)
  useBeforeunload(files.some((file) => file.state === 'sending'))
  return (
    <UploadContext value={uploads}>
      {children}
      <FileInput
        ref={picker}
        accept={`video/*,audio/*,.age,${OTHER_MEDIA_FILES},${SIDECAR_FILES}`}
        aria-label={messages.files()}
        data-testid="file-input"
        onFiles={uploads.addFiles}
      />
      {isDragOver && (
        // Covers the page so that the drop target cannot disappear: the browser would then open the files itself.
        <div className="fixed inset-0 z-50 grid p-3">
          <div className="grid place-items-center rounded-xl border-2 border-dashed border-primary bg-background/90 text-xl font-semibold">
            {messages.drop()}
          </div>
        </div>
      )}
      {importUrl !== null && <ImportDialog initialUrl={importUrl} onClose={() => setImportUrl(null)} />}
      <SharedItems {...uploads} />
      {files.length > 0 && (
        <UploadDock
          files={files}
          onPause={(id) => withUploader(({ uppy }) => uppy.pauseResume(id))}
          onRetry={(id) => withUploader(({ uppy }) => void uppy.retryUpload(id))}
          onRemove={(id) => {
            withUploader(({ uppy }) => uppy.removeFile(id))
            setFiles((current) => current.filter((file) => file.id !== id))
          }}
        />
      )}
    </UploadContext>
  )
}
