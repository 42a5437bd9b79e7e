/** Names of the tags of an instance: the two of its mark, and the disk that was requested. */
export const TAGS = {
  owner: 'meanwhile:installation',
  machine: 'meanwhile:machine',
  diskMiB: 'meanwhile:disk-mib',
}
