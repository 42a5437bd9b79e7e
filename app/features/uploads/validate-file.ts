import { formatBytes } from '@/lib/text/format-bytes'

/**
 * Types of files without pictures that move and without sound. Everything else is sent: systems name types by extension,
 * and take `.ts` of a camera for a translation, and other media for programs.
 */
const REFUSED_TYPES =
  /^(text\/(plain|html|css|csv|javascript)|image\/(jpeg|svg|tiff|heic)|application\/(pdf|zip|json|rtf|msword|vnd\.openxmlformats))/

/** Returns an error message for a file that is not worth uploading, or null. The server also checks the content. */
export function validateFile(file: File, maxBytes: number) {
  if (file.size === 0) return 'The file is empty.'
  if (file.size > maxBytes)
    return `The file is ${formatBytes(file.size)}. The maximum is ${formatBytes(maxBytes)}.`
  if (REFUSED_TYPES.test(file.type)) return `This is not a video or audio file. Its type is ${file.type}.`
  return null
}
