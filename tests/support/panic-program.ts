/**
 * A program for Linux on x86-64 that reports a panic to QEMU like a kernel (QEMU, docs/specs/pvpanic): it sets bit 0 at port
 * 0x505. An ELF file of 159 bytes, loaded at 0x400000, with one segment.
 */
export const PANIC_PROGRAM = Buffer.from(
  [
    '7f454c46020101000000000000000000 0200 3e00 01000000 7800400000000000 4000000000000000',
    '0000000000000000 00000000 4000 3800 0100 0000 0000 0000',
    '01000000 05000000 0000000000000000 0000400000000000 0000400000000000',
    '9f00000000000000 9f00000000000000 0010000000000000',
    'bf05050000 be01000000 ba01000000 b8ad000000 0f05', // ioperm(0x505, 1, 1)
    'ba05050000 b001 ee', // outb(1, 0x505)
    'b83c000000 31ff 0f05', // exit(0)
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
)
