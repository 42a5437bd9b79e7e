export interface IncusSettings {
  /** `https://host:8443`, or `unix:/path/of/the/socket`. */
  url: string
  /** Join token that makes the cluster trust our certificate, needed once. */
  token?: string
  /** Folder of the client certificate and of the certificate of the cluster. */
  certificateDir: string
  project: string
  profile: string
  /** Storage pool. Default: that of the profile. */
  pool?: string
  /** Managed network of machines with internet access. Unset: there are none. */
  network?: string
  /** A member of the cluster, or `@group`. Default: the cluster decides. */
  target?: string
  /** The mark of all instances of this app. */
  installationId: string
  /** Longest wait for the first response of a guest, in milliseconds. */
  answerMs: number
}
