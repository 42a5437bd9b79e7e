/**
 * Decodes a subtitle file: by its byte order mark, else as UTF-16 if every other byte is zero, else as UTF-8, else as
 * Windows-1252, which includes Latin-1.
 */
export function decodeText(bytes: Uint8Array) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decode('utf-16le', bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decode('utf-16be', bytes)
  const head = bytes.subarray(0, 1024)
  const zeros = (from: number) => head.filter((byte, n) => n % 2 === from && byte === 0).length
  if (zeros(1) > head.length / 4) return decode('utf-16le', bytes)
  if (zeros(0) > head.length / 4) return decode('utf-16be', bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return decode('windows-1252', bytes)
  }
}

const decode = (encoding: string, bytes: Uint8Array) => new TextDecoder(encoding).decode(bytes)
