import * as messages from '@/lib/generated/messages/account'
import { OneTimeSecret } from '@/app/ui/one-time-secret'

/** Recovery codes, shown once. */
export const RecoveryCodes = ({ codes }: { codes: string[] }) => (
  <OneTimeSecret what="codes" secret={codes.join('\n')}>
    <p className="text-sm text-muted-foreground">{messages.recoveryCodesHint()}</p>
  </OneTimeSecret>
)
