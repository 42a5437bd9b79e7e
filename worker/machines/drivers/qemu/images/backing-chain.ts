/**
 * Describes the backing files of a disk, nearest first, for QEMU and qemu-img. Every file is named, so that no header
 * inside an image selects the next one.
 */
export const describeBackingChain = (backing: string[]) =>
  backing.reduceRight<object | null>(
    (next, file) => ({ driver: 'qcow2', 'read-only': true, file: describeFile(file), backing: next }),
    null,
  )

const describeFile = (filename: string) => ({ driver: 'file', filename, 'read-only': true })
