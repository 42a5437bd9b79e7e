import type { RemoteImage } from '@/lib/config/remote-images'

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
  /** Names this worker among those of the installation. Default: there is one. */
  hostId?: string
  /** Images of other servers by the names that users choose from. */
  images?: Record<string, RemoteImage>
  /** Folder with image files of the administrator. Unset: there is none. */
  imagesDir?: string
  /** Longest wait for the first response of a guest, in milliseconds. */
  answerMs: number
}
