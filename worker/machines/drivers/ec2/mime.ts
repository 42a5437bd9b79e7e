import { createHash } from 'node:crypto'

export interface MimePart {
  type: 'text/cloud-config' | 'text/x-shellscript'
  fileName: string
  content: string
}

/**
 * User data of several parts for cloud-init. The same parts have the same text.
 * https://cloudinit.readthedocs.io/en/latest/explanation/format.html
 */
export function toMultipart(parts: MimePart[]) {
  const boundary = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
  return [
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    'MIME-Version: 1.0',
    '',
    ...parts.flatMap((part) => [`--${boundary}`, ...toLines(part)]),
    `--${boundary}--`,
    '',
  ].join('\n')
}

/** Plain text is packed better, but cloud-init would misread other characters in it. */
function toLines({ type, fileName, content }: MimePart) {
  // oxlint-disable-next-line no-control-regex
  const isPlain = /^[\x00-\x7f]*$/.test(content)
  return [
    `Content-Type: ${type}; charset="utf-8"`,
    `Content-Transfer-Encoding: ${isPlain ? '7bit' : 'base64'}`,
    `Content-Disposition: attachment; filename="${fileName}"`,
    '',
    isPlain ? content : Buffer.from(content).toString('base64').replaceAll(/.{76}/g, '$&\n'),
  ]
}
