/** How machines run on this host. */
export interface QemuSettings {
  qemuVersion: string
  accelerator: 'kvm' | 'tcg'
  isConfined: boolean
  /** Longest wait for the first response of a guest, in milliseconds. */
  answerMs: number
  /** CIDR ranges that outbound machines cannot reach, in addition to this host's own addresses. */
  blockedRanges: string[]
}
