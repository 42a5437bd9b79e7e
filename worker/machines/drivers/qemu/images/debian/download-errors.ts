import { AppError, PermanentError } from '@/lib/errors'

export const imageHostUnreachable = (url: string, cause: unknown) =>
  new AppError({
    code: 'machine.image_unreachable',
    message: `The image host ${new URL(url).host} is unreachable from this server.`,
    status: 503,
    cause,
  })

export const downloadInterrupted = (url: string, cause?: unknown) =>
  new AppError({
    code: 'machine.image_interrupted',
    message: `The image download from ${new URL(url).host} was interrupted. The next attempt resumes it.`,
    status: 503,
    cause,
  })

export const downloadRefused = (url: string, status: number) =>
  new PermanentError({
    code: 'machine.image_not_there',
    message: `The image cannot be downloaded: ${url} returned status ${status}.`,
    advice: 'The administrator has to set MACHINE_DEBIAN_IMAGE_URL to the URL of an image.',
  })

export const checksumMissing = (url: string) =>
  new PermanentError({
    code: 'machine.image_unverified',
    message: `The image ${url} cannot be verified: the SHA512SUMS in its folder does not list it.`,
    advice:
      'The administrator has to set MACHINE_DEBIAN_IMAGE_URL to a file that is listed in the SHA512SUMS of its folder.',
  })

export const insecureRedirect = (url: string, to: string) =>
  new PermanentError({
    code: 'machine.image_unverified',
    message: `The SHA512SUMS for ${url} redirects to ${to}, which is not HTTPS and could be tampered with.`,
    advice: 'The administrator has to set MACHINE_DEBIAN_IMAGE_URL to a URL that does not leave HTTPS.',
  })

export const checksumMismatch = (url: string) =>
  new PermanentError({
    code: 'machine.image_unverified',
    message: `The image downloaded from ${url} does not match its checksum and was deleted.`,
    advice: 'Try again later. If the error persists, the administrator has to check that server.',
  })

export const imageTooLarge = (url: string) =>
  new PermanentError({
    code: 'machine.image_too_large',
    message: `The image ${url} exceeds the size limit.`,
    advice: 'The administrator has to set MACHINE_DEBIAN_IMAGE_URL to the URL of a Debian image.',
  })
