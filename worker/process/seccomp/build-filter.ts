import { DENIED_SYSCALLS, SYSCALLS_WITH_RULES } from './syscalls'

// Classic BPF as seccomp(2) runs it: opcodes of linux/bpf_common.h, offsets of struct seccomp_data, and actions of
// linux/seccomp.h.
const LOAD_WORD = 0x20
const JUMP_IF_EQUAL = 0x15
const JUMP_IF_GREATER_OR_EQUAL = 0x35
const JUMP_IF_ANY_BIT = 0x45
const RETURN = 0x06
const OFFSETS = { number: 0, architecture: 4, firstArgument: 16, secondArgument: 24 }

const KILL_PROCESS = 0x8000_0000
const ALLOW = 0x7fff_0000
const failWith = (errno: number) => 0x0005_0000 | errno
const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97]

/** Values of linux/audit.h. */
const AUDIT_ARCH = { x64: 0xc000_003e, arm64: 0xc000_00b7 }
/** Flags of clone(2) that create a namespace of any kind. */
const CLONE_NAMESPACE_FLAGS = 0x7e02_0000
/** ioctl(2) requests that type into a terminal. */
const [TIOCSTI, TIOCLINUX] = [0x5412, 0x541c]
const QUERY_PERSONALITY = 0xffff_ffff
const [AF_UNIX, AF_INET, AF_INET6] = [1, 2, 10]
/** Later system calls, which are not reviewed, and those of the x32 ABI appear not to exist. */
const FIRST_UNKNOWN_SYSCALL = 457

export type FilterArchitecture = keyof typeof AUDIT_ARCH
interface Instruction {
  code: number
  jumpTrue: number
  jumpFalse: number
  value: number
}

/**
 * Compiles the seccomp filter of sandboxed programs, an array of `struct sock_filter` for `bwrap --seccomp`. It refuses
 * what no media program or emulator needs and kernel exploits use, and sockets other than local ones, without `hasNetwork`
 * also those of the internet. System calls of another architecture end the program.
 */
export function buildFilter(architecture: FilterArchitecture, { hasNetwork }: { hasNetwork: boolean }) {
  const numbers = SYSCALLS_WITH_RULES[architecture]
  const families = hasNetwork ? [AF_UNIX, AF_INET, AF_INET6] : [AF_UNIX]
  return encode(
    [
      load(OFFSETS.architecture),
      unlessEqual(AUDIT_ARCH[architecture], [finish(KILL_PROCESS)]),
      load(OFFSETS.number),
      ifAtLeast(FIRST_UNKNOWN_SYSCALL, [finish(failWith(ENOSYS))]),
      // glibc falls back to clone, whose flags a filter can read.
      ifEqual(numbers.clone3, [finish(failWith(ENOSYS))]),
      ifEqual(numbers.clone, [
        load(OFFSETS.firstArgument),
        ...ifAnyBit(CLONE_NAMESPACE_FLAGS, [finish(failWith(EPERM))]),
        finish(ALLOW),
      ]),
      ifEqual(numbers.ioctl, [
        load(OFFSETS.secondArgument),
        ...[TIOCSTI, TIOCLINUX].flatMap((request) => ifEqual(request, [finish(failWith(EPERM))])),
        finish(ALLOW),
      ]),
      ifEqual(numbers.personality, [
        load(OFFSETS.firstArgument),
        ...[0, QUERY_PERSONALITY].flatMap((persona) => ifEqual(persona, [finish(ALLOW)])),
        finish(failWith(EPERM)),
      ]),
      ifEqual(numbers.socket, [
        load(OFFSETS.firstArgument),
        ...families.flatMap((family) => ifEqual(family, [finish(ALLOW)])),
        finish(failWith(EAFNOSUPPORT)),
      ]),
      DENIED_SYSCALLS[architecture].flatMap((number) => ifEqual(number, [finish(failWith(EPERM))])),
      finish(ALLOW),
    ].flat(),
  )
}

const load = (offset: number) => ({ code: LOAD_WORD, jumpTrue: 0, jumpFalse: 0, value: offset })
const finish = (action: number) => ({ code: RETURN, jumpTrue: 0, jumpFalse: 0, value: action })

const runIf = (code: number) => (value: number, block: Instruction[]) => [
  { code, jumpTrue: 0, jumpFalse: block.length, value },
  ...block,
]
const ifEqual = runIf(JUMP_IF_EQUAL)
const ifAtLeast = runIf(JUMP_IF_GREATER_OR_EQUAL)
const ifAnyBit = runIf(JUMP_IF_ANY_BIT)
const unlessEqual = (value: number, block: Instruction[]) => [
  { code: JUMP_IF_EQUAL, jumpTrue: block.length, jumpFalse: 0, value },
  ...block,
]

function encode(instructions: Instruction[]) {
  const bytes = Buffer.alloc(instructions.length * 8)
  for (const [index, { code, jumpTrue, jumpFalse, value }] of instructions.entries()) {
    const offset = index * 8
    bytes.writeUInt16LE(code, offset)
    bytes.writeUInt8(jumpTrue, offset + 2)
    bytes.writeUInt8(jumpFalse, offset + 3)
    bytes.writeUInt32LE(value, offset + 4)
  }
  return bytes
}
