import { AppError, PermanentError } from '@/lib/errors'

export const imageHostUnreachable = (url: string, cause: unknown) =>
  new AppError({
    code: 'machine.image_unreachable',
    message: `${new URL(url).host}, where the image comes from, cannot be reached from this server.`,
    status: 503,
    cause,
  })

export const downloadInterrupted = (url: string, cause?: unknown) =>
  new AppError({
    code: 'machine.image_interrupted',
    message: `The download of the image from ${new URL(url).host} broke off. What came is kept, and the next try goes on from there.`,
    status: 503,
    cause,
  })

export const downloadRefused = (url: string, status: number) =>
  new PermanentError({
    code: 'machine.image_not_there',
    message: `${url} answers ${status}, so the image cannot be downloaded.`,
    advice: 'The administrator sets MACHINE_DEBIAN_IMAGE_URL to the address of one.',
  })

export const checksumMissing = (url: string) =>
  new PermanentError({
    code: 'machine.image_unverified',
    message: `The list of checksums beside ${url} does not name that file, so what it holds cannot be verified.`,
    advice:
      'The administrator sets MACHINE_DEBIAN_IMAGE_URL to a file that is listed in the SHA512SUMS beside it.',
  })

export const insecureRedirect = (url: string, to: string) =>
  new PermanentError({
    code: 'machine.image_unverified',
    message: `The list of checksums beside ${url} leads to ${to}, where anybody on the way could change it.`,
    advice: 'The administrator sets MACHINE_DEBIAN_IMAGE_URL to an address that stays with https.',
  })

export const checksumMismatch = (url: string) =>
  new PermanentError({
    code: 'machine.image_unverified',
    message: `What was downloaded from ${url} is not what the checksum beside it says. It was thrown away.`,
    advice: 'Try again later; if it stays so, the administrator should look at that server.',
  })

export const imageTooLarge = (url: string) =>
  new PermanentError({
    code: 'machine.image_too_large',
    message: `${url} is larger than any image that is taken from there.`,
    advice: 'The administrator sets MACHINE_DEBIAN_IMAGE_URL to the address of an image of Debian.',
  })
