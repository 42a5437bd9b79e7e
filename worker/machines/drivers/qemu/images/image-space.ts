import { PermanentError } from '@/lib/errors'
import { isDiskFullError, readFreeDiskMiB } from '../disk-space'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

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
  return new PermanentError({
    code: 'machine.no_room',
    message:
      freeMiB === undefined
        ? messages.imageSpace({ image, needed: neededMiB })
        : messages.imageSpaceFree({ image, needed: neededMiB, free: freeMiB }),
    advice: messages.imageSpaceAdvice(),
    cause,
  })
}
