// An alert in words: what happened, what was said of it, where it is looked at.
import type { WeirEvent } from '../api/types'
import { jobSteps, firstSentence } from './ffs'
import type { JobStep } from '../api/ffs'
import { shortCid, subjectRoute, withShort, type Tone } from './names'

/// Named "alerts" by the API.
export const alertKinds = ['wallet.low', 'deal.failed', 'deal.slashed', 'content.degraded', 'job.failed', 'job.stuck']

export interface AlertWords { what: string; said: string; tone: Tone }

const lost: Tone = 'loss'

export function alertWords({ kind, subject, fields = {} }: WeirEvent): AlertWords {
  const said = withShort(firstSentence(fields.message || '')[0])
  const cid = fields.cid ? ` for ${shortCid(fields.cid)}` : ''
  switch (kind) {
    case 'wallet.low': return { what: `balance or escrow of ${shortCid(subject)} is low`, said, tone: 'wait' }
    case 'deal.failed': return { what: `deal with ${fields.provider ?? 'a provider'} failed`, said, tone: lost }
    case 'deal.slashed': return { what: `deal with ${fields.provider ?? 'a provider'} was slashed`, said, tone: lost }
    case 'content.degraded': return { what: `${fields.name || 'a content'} lost a copy`, said: said || 'It will be replaced.', tone: lost }
    case 'job.stuck': return { what: `job${cid} has not moved for a day`, said: fields.step ? `It ${jobSteps[fields.step as JobStep] ?? fields.step}.` : said, tone: 'wait' }
    default: return { what: `job${cid} failed`, said: said || 'It said no reason.', tone: 'wait' }
  }
}

/// `of`: seen from the page of that instance, whose addresses have a page of their own.
export function alertRoute(e: WeirEvent, of = ''): string {
  if (e.kind === 'wallet.low') return of ? `/ffs/${of}/wallets` : '/node'
  return subjectRoute(e.kind, e.subject, e.owner) ?? '/events'
}
