import * as messages from '@/lib/generated/messages/pages'
import * as adminPagesMessages from '@/lib/generated/messages/admin-pages'
import { Activity, Layers, Mail, MailX, ScrollText, ShieldAlert, Users } from 'lucide-react'

/** The pages for administrators. The command menu also finds them by their keywords. */
export const adminPages = [
  { href: '/admin', name: messages.server, Icon: ShieldAlert },
  {
    href: '/admin/users',
    name: adminPagesMessages.users,
    Icon: Users,
    keywords: adminPagesMessages.usersKeywords,
  },
  { href: '/admin/queues', name: messages.queues, Icon: Layers, keywords: adminPagesMessages.queuesKeywords },
  { href: '/admin/dead-letters', name: adminPagesMessages.deadLetters, Icon: MailX },
  { href: '/admin/tasks', name: adminPagesMessages.allTasks, Icon: Activity },
  {
    href: '/admin/mail',
    name: adminPagesMessages.mail,
    Icon: Mail,
    keywords: adminPagesMessages.mailKeywords,
  },
  {
    href: '/admin/audit',
    name: adminPagesMessages.auditLog,
    Icon: ScrollText,
    keywords: adminPagesMessages.auditKeywords,
  },
]
