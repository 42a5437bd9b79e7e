import * as messages from '@/lib/generated/messages/storage'
import type { StorageDto } from '@/lib/uploads/storage-breakdown-schema'

type Sizes = Pick<StorageDto, 'sourceBytes' | 'renditionBytes' | 'captionBytes' | 'otherBytes'> &
  Partial<Pick<StorageDto, 'uploadBytes' | 'archiveBytes'>>

/** What takes storage, without what takes none, each with the color of its bar. */
export const listParts = ({
  sourceBytes,
  renditionBytes,
  captionBytes,
  otherBytes,
  uploadBytes = 0,
  archiveBytes = 0,
}: Sizes) =>
  [
    { name: messages.originals(), bytes: sourceBytes, color: 'bg-primary' },
    { name: messages.renditions(), bytes: renditionBytes, color: 'bg-primary/60' },
    { name: messages.captions(), bytes: captionBytes, color: 'bg-warning' },
    { name: messages.imagesAndCopies(), bytes: otherBytes, color: 'bg-muted-foreground' },
    { name: messages.encryptedArchives(), bytes: archiveBytes, color: 'bg-warning/50' },
    { name: messages.unfinishedUploads(), bytes: uploadBytes, color: 'bg-muted-foreground/50' },
  ].filter(({ bytes }) => bytes > 0)
