import { createHmac } from 'node:crypto'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The current code of an authenticator app for an `otpauth://` URI (RFC 6238: SHA-1, six digits, 30 s). */
export function computeTotp(uri: string, at = Date.now()) {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const digest = createHmac('sha1', decodeBase32(new URL(uri).searchParams.get('secret')!))
    .update(counter)
    .digest()
  const offset = digest.at(-1)! & 0xf
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

function decodeBase32(text: string) {
  const bits = Array.from(text.replace(/=+$/, ''), toBits).join('')
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)))
}

const toBits = (char: string) => BASE32.indexOf(char).toString(2).padStart(5, '0')
