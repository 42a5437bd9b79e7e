import { addToQueue } from './add-to-queue'
import { createUppy } from './create-uppy'
import { mirrorUploads, type SetFiles } from './mirror-uploads'
// With the uploader, so that it is there when the connection is lost.
import './upload-dock'

/** Uploads files, and mirrors its uploads as rows. */
export function startUploader(setFiles: SetFiles) {
  const uppy = createUppy()
  mirrorUploads(uppy, setFiles)
  return { uppy, add: (options: Parameters<typeof addToQueue>[1]) => addToQueue(uppy, options) }
}

export type Uploader = ReturnType<typeof startUploader>
