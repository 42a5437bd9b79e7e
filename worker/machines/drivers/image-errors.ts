import { PermanentError } from '@/lib/errors'

export const imageUnknown = (name: string) =>
  new PermanentError({
    code: 'machine.image_unknown',
    message: `There is no image ${name} on this server.`,
    advice: 'Choose one from the list.',
  })

export const insufficientDiskForImage = (
  name: string,
  neededMiB: number,
  freeMiB?: number,
  cause?: unknown,
) =>
  new PermanentError({
    code: 'machine.no_room',
    message: `This server’s disk has no room to make the image ${name}: it takes ${neededMiB} MiB${freeMiB === undefined ? '' : `, and ${freeMiB} MiB are free`}.`,
    advice: 'Choose another image, or ask the administrator to make room.',
    cause,
  })

/** Of an error while the image was made: that the disk was full, if it was that. */
export const mapDiskFullError = (name: string, neededMiB: number, error: unknown) =>
  isDiskFull(error) ? insufficientDiskForImage(name, neededMiB, undefined, error) : error

/** Ours, or one of a program that was run. */
export const isDiskFull = (error: unknown) => /ENOSPC|no space left on device/i.test(String(error))

export const imageBroken = (name: string, why: string, cause?: unknown) =>
  new PermanentError({
    code: 'machine.image_broken',
    message: `The image ${name} cannot be used: ${why}.`,
    advice: 'Choose another image, or ask the administrator to look at it.',
    cause,
  })
