import { PermanentError } from '@/lib/errors'
import { isDiskFullError, readFreeDiskMiB } from '../disk-space'

interface ImageSpace {
  image: string
  neededMiB: number
}

/** @throws {PermanentError} machine.no_room */
export async function requireImageSpace(dir: string, space: ImageSpace) {
  const freeMiB = await readFreeDiskMiB(dir)
  if (freeMiB < space.neededMiB) throw insufficientImageSpace(space, { freeMiB })
}

/** Maps a full disk during an image build to machine.no_room; returns any other error unchanged. */
export const mapDiskFullToImageSpace = (error: unknown, space: ImageSpace) =>
  isDiskFullError(error) ? insufficientImageSpace(space, { cause: error }) : error

function insufficientImageSpace(
  { image, neededMiB }: ImageSpace,
  { freeMiB, cause }: { freeMiB?: number; cause?: unknown },
) {
  const free = freeMiB === undefined ? '' : `, and ${freeMiB} MiB are free`
  return new PermanentError({
    code: 'machine.no_room',
    message: `Not enough disk space on this server to build the image ${image}: it needs ${neededMiB} MiB${free}.`,
    advice: 'Choose another image, or ask the administrator to free disk space.',
    cause,
  })
}
