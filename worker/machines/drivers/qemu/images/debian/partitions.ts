import { open } from 'node:fs/promises'

const SECTOR_BYTES = 512
/** The usual start of the first partition: 1 MiB. */
export const FIRST_PARTITION_BYTES = 1024 ** 2
const MBR_TABLE_OFFSET = 446
const LINUX_PARTITION_TYPE = 0x83
const EXT_MAGIC_OFFSET = 1024 + 56
const EXT_MAGIC = 0xef53

export interface Partition {
  number: number
  offsetBytes: number
  sizeBytes: number
}

/** Writes an MBR to a raw disk with one Linux partition from 1 MiB to the end. */
export async function writePartitionTable(disk: string, sizeBytes: number) {
  const first = FIRST_PARTITION_BYTES / SECTOR_BYTES
  const table = Buffer.alloc(SECTOR_BYTES - MBR_TABLE_OFFSET)
  table[0] = 0x80
  table[4] = LINUX_PARTITION_TYPE
  table.writeUInt32LE(first, 8)
  table.writeUInt32LE(sizeBytes / SECTOR_BYTES - first, 12)
  table.writeUInt16LE(0xaa55, 64)
  const file = await open(disk, 'r+')
  await file.write(table, 0, table.length, MBR_TABLE_OFFSET).finally(() => file.close())
}

/** Finds the largest partition of a raw disk with an ext2, ext3 or ext4 file system; undefined without one. */
export async function findRootPartition(disk: string): Promise<Partition | undefined> {
  const file = await open(disk, 'r')
  try {
    const { size } = await file.stat()
    const read = async (at: number, length: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at)
      return bytesRead === length ? buffer : Buffer.alloc(length)
    }
    const header = await read(SECTOR_BYTES, SECTOR_BYTES)
    const isGpt = header.toString('latin1', 0, 8) === 'EFI PART'
    const partitions = isGpt
      ? parseGpt(header, read)
      : parseMbr(await read(MBR_TABLE_OFFSET, SECTOR_BYTES - MBR_TABLE_OFFSET))
    const found: Partition[] = []
    for (const partition of await partitions) {
      const { offsetBytes, sizeBytes } = partition
      if (sizeBytes <= 0 || offsetBytes + sizeBytes > size) continue
      if ((await read(offsetBytes + EXT_MAGIC_OFFSET, 2)).readUInt16LE() === EXT_MAGIC) found.push(partition)
    }
    return found.sort((a, b) => b.sizeBytes - a.sizeBytes)[0]
  } finally {
    await file.close()
  }
}

const toPartition = (number: number, first: number, sectors: number): Partition => ({
  number,
  offsetBytes: first * SECTOR_BYTES,
  sizeBytes: sectors * SECTOR_BYTES,
})

const parseMbr = (table: Buffer) =>
  [0, 1, 2, 3].map((n) => toPartition(n + 1, table.readUInt32LE(n * 16 + 8), table.readUInt32LE(n * 16 + 12)))

/** UEFI Specification 2.10, 5.3: GUID Partition Table. */
async function parseGpt(header: Buffer, read: (at: number, length: number) => Promise<Buffer>) {
  const at = Number(header.readBigUInt64LE(72)) * SECTOR_BYTES
  const [count, size] = [Math.min(header.readUInt32LE(80), 128), header.readUInt32LE(84)]
  if (size < 128 || size > 4096) return []
  const entries = await read(at, count * size)
  return Array.from({ length: count }, (_, n) => {
    const entry = entries.subarray(n * size, (n + 1) * size)
    const [first, last] = [Number(entry.readBigUInt64LE(32)), Number(entry.readBigUInt64LE(40))]
    return toPartition(n + 1, first, first > 0 ? last - first + 1 : 0)
  })
}
