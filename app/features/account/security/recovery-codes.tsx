import { OneTimeSecret } from '@/app/ui/one-time-secret'

/** Recovery codes, shown once. */
export const RecoveryCodes = ({ codes }: { codes: string[] }) => (
  <OneTimeSecret what="codes" secret={codes.join('\n')}>
    <p className="text-sm text-muted-foreground">
      Each code signs you in once without your authenticator app. Store them where you can reach them without
      it.
    </p>
  </OneTimeSecret>
)
