export interface Ec2Settings {
  region: string
  /** Unset: AWS. */
  endpoint?: string
  /** Default: the usual chain of the SDK (environment, profile, container, instance). */
  credentials?: { accessKeyId: string; secretAccessKey: string }
  /** AMIs by the names that users choose from. */
  images: ReadonlyMap<string, string>
  /** Instance types with their price per hour in US dollars, if known. The first that is large enough is used. */
  instanceTypes: ReadonlyMap<string, number | null>
  /** Security group of machines without network: it must have no rules. */
  isolatedGroup: string
  /** Security group of machines with outbound network. Unset: there are none. */
  outboundGroup?: string
  /** Default: a default subnet of the account, or that of the launch template. */
  subnet?: string
  /** Id of a launch template, with `:VERSION`. Its default version if there is none. */
  launchTemplate?: string
  isSpot: boolean
  /** Endpoint of the serial console, and the fingerprints (`SHA256:…`) of its host keys. Unset: consoles show output only. */
  serialConsole?: { host: string; port: number; fingerprints: readonly string[] }
  /** The mark of all instances of this app. */
  installationId: string
  /** How long a request is repeated while EC2 is away or throttles, in milliseconds. */
  patienceMs: number
  /** Pause between two looks at an instance that changes its state, in milliseconds. */
  pollMs: number
  /** Pause between two looks at the output of a console, in milliseconds. */
  consolePollMs: number
}
