import type { RefusalReason, RefusedFile } from '@/lib/uploads/refusal-reasons'

/**
 * Types of files without pictures that move and without sound. Everything else is sent: systems name types by extension,
 * and take `.ts` of a camera for a translation, and other media for programs.
 */
const REFUSED_TYPES =
  /^(text\/(plain|html|css|csv|javascript)|image\/(jpeg|svg|tiff|heic)|application\/(pdf|zip|json|rtf|msword|vnd\.openxmlformats))/

/** Returns why a file is not worth uploading, or null. The server also checks the content. */
export function findRefusal({ size, type }: File, maxBytes: number): RefusedFile | null {
  const refuse = (reason: RefusalReason) => ({ reason, sizeBytes: size, type })
  if (size === 0) return refuse('empty')
  if (size > maxBytes) return refuse('too_large')
  return REFUSED_TYPES.test(type) ? refuse('not_media') : null
}
