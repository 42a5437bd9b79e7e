const DEVICE_PATH = Buffer.from('/dev/urandom\0')
const LOAD_ADDRESS = 0x40_0000

/** Linux on x86-64: exit(ioctl(open("/dev/urandom", O_RDONLY), RNDRESEEDCRNG, 0)) */
const MACHINE_CODE = Buffer.from(
  [
    'b802000000', // mov eax, 2 (open)
    '488d3d1d000000', // lea rdi, [rip+0x1d] (the path, after the code)
    '31f6', // xor esi, esi
    '0f05', // syscall
    '89c7', // mov edi, eax
    'be07520000', // mov esi, 0x5207 (RNDRESEEDCRNG)
    '31d2', // xor edx, edx
    'b810000000', // mov eax, 16 (ioctl)
    '0f05', // syscall
    '89c7', // mov edi, eax
    'b83c000000', // mov eax, 60 (exit)
    '0f05', // syscall
  ].join(''),
  'hex',
)

/**
 * Builds an ELF program that reseeds the kernel's random number generator from its input pool. Busybox has none. Without it
 * two guests restored from one template would generate the same random numbers for up to a minute: writing to /dev/urandom
 * mixes bytes in but does not reseed (random(4), drivers/char/random.c).
 */
export function buildReseedProgram() {
  const header = Buffer.alloc(64 + 56)
  const size = header.length + MACHINE_CODE.length + DEVICE_PATH.length
  header.write('\x7fELF\x02\x01\x01', 'latin1')
  header.writeUInt16LE(2, 16) // ET_EXEC
  header.writeUInt16LE(62, 18) // EM_X86_64
  header.writeUInt32LE(1, 20)
  header.writeBigUInt64LE(BigInt(LOAD_ADDRESS + header.length), 24)
  header.writeBigUInt64LE(64n, 32) // offset of the program header
  header.writeUInt16LE(64, 52)
  header.writeUInt16LE(56, 54)
  header.writeUInt16LE(1, 56)
  header.writeUInt32LE(1, 64) // PT_LOAD
  header.writeUInt32LE(5, 68) // PF_R | PF_X
  header.writeBigUInt64LE(BigInt(LOAD_ADDRESS), 80)
  header.writeBigUInt64LE(BigInt(LOAD_ADDRESS), 88)
  header.writeBigUInt64LE(BigInt(size), 96)
  header.writeBigUInt64LE(BigInt(size), 104)
  header.writeBigUInt64LE(0x1000n, 112)
  return Buffer.concat([header, MACHINE_CODE, DEVICE_PATH])
}
