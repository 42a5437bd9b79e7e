/** The `Content-Disposition` of a download. The encoding of RFC 8187 allows any file name. */
export const attachmentDisposition = (filename: string) =>
  `attachment; filename*=UTF-8''${encodeURIComponent(filename).replaceAll("'", '%27')}`
