import * as messages from '@/lib/generated/messages/video-errors'
import { AppError } from '../errors'
import type { PictureType } from './poster-schema'

export const MAX_PICTURE_BYTES = 10 * 1024 ** 2

export const pictureTooLargeError = () =>
  new AppError({ code: 'poster.too_large', message: messages.pictureTooLarge(), status: 413 })

const SIGNATURES: Record<PictureType, (text: string) => boolean> = {
  jpeg: (text) => text.startsWith('\xff\xd8\xff'),
  png: (text) => text.startsWith('\x89PNG\r\n\x1a\n'),
  webp: (text) => text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP',
}

/** The type of a picture by its first bytes. Its name is not relevant. @throws {AppError} poster.unsupported_type */
export function detectPictureType(bytes: Uint8Array): PictureType {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  for (const type of ['jpeg', 'png', 'webp'] as const) if (SIGNATURES[type](start)) return type
  throw new AppError({
    code: 'poster.unsupported_type',
    message: messages.pictureType(),
    status: 415,
  })
}
