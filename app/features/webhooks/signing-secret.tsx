import { OneTimeSecret } from '@/app/ui/one-time-secret'
import * as messages from '@/lib/generated/messages/webhooks'

/** The signing secret of a webhook, right after it was created. */
export const SigningSecret = ({ secret }: { secret: string }) => (
  <OneTimeSecret what="secret" secret={secret}>
    <p className="text-sm text-muted-foreground">
      {messages.signingSecretHint({
        code: (children) => <code className="font-mono">{children}</code>,
        link: (children) => (
          <a href="https://www.standardwebhooks.com" className="underline">
            {children}
          </a>
        ),
      })}
    </p>
  </OneTimeSecret>
)
