import * as messages from '@/lib/generated/messages/pages'
import { Activity, Layers, Mail, MailX, ScrollText, ShieldAlert, Users } from 'lucide-react'

/** The pages for administrators. The command menu also finds them by their keywords. */
export const adminPages = [
  { href: '/admin', name: messages.server, Icon: ShieldAlert },
  { href: '/admin/users', name: messages.users, Icon: Users, keywords: messages.usersKeywords },
  { href: '/admin/queues', name: messages.queues, Icon: Layers, keywords: messages.queuesKeywords },
  { href: '/admin/dead-letters', name: messages.deadLetters, Icon: MailX },
  { href: '/admin/tasks', name: messages.allTasks, Icon: Activity },
  { href: '/admin/mail', name: messages.mail, Icon: Mail, keywords: messages.mailKeywords },
  {
    href: '/admin/audit',
    name: messages.auditLog,
    Icon: ScrollText,
    keywords: messages.auditKeywords,
  },
]
