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
    { name: 'Originals', bytes: sourceBytes, color: 'bg-primary' },
    { name: 'Renditions', bytes: renditionBytes, color: 'bg-primary/60' },
    { name: 'Captions', bytes: captionBytes, color: 'bg-warning' },
    { name: 'Images and copies', bytes: otherBytes, color: 'bg-muted-foreground' },
    { name: 'Encrypted archives', bytes: archiveBytes, color: 'bg-warning/50' },
    { name: 'Unfinished uploads', bytes: uploadBytes, color: 'bg-muted-foreground/50' },
  ].filter(({ bytes }) => bytes > 0)
