import { AppError, PermanentError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

export const imageHostUnreachable = (url: string, cause: unknown) =>
  new AppError({
    code: 'machine.image_unreachable',
    message: messages.imageHostUnreachable({ host: new URL(url).host }),
    status: 503,
    cause,
  })

export const downloadInterrupted = (url: string, cause?: unknown) =>
  new AppError({
    code: 'machine.image_interrupted',
    message: messages.downloadInterrupted({ host: new URL(url).host }),
    status: 503,
    cause,
  })

export const downloadRefused = (url: string, status: number) =>
  new PermanentError({
    code: 'machine.image_not_there',
    message: messages.downloadRefused({ url, status }),
    advice: messages.downloadRefusedAdvice(),
  })

export const checksumMissing = (url: string) =>
  new PermanentError({
    code: 'machine.image_unverified',
    message: messages.checksumMissing({ url }),
    advice: messages.checksumMissingAdvice(),
  })

export const insecureRedirect = (url: string, to: string) =>
  new PermanentError({
    code: 'machine.image_unverified',
    message: messages.insecureRedirect({ url, to }),
    advice: messages.insecureRedirectAdvice(),
  })

export const checksumMismatch = (url: string) =>
  new PermanentError({
    code: 'machine.image_unverified',
    message: messages.checksumMismatch({ url }),
    advice: messages.checksumMismatchAdvice(),
  })

export const imageTooLarge = (url: string) =>
  new PermanentError({
    code: 'machine.image_too_large',
    message: messages.imageTooLarge({ url }),
    advice: messages.imageTooLargeAdvice(),
  })
